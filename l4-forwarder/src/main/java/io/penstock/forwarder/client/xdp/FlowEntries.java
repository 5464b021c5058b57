package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.net.Endpoint;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The map {@code flows}, from which the oldest go while new ones come: what is read is some of what there was.
 *
 * <pre>
 * struct flow {                               struct memory {
 *     struct address source;        0             __u32 real;        0
 *     struct address destination;  16             __u32 generation;  4
 *     __be16 source_port;          32             __u32 sequence;    8
 *     __be16 destination_port;     34         };
 *     __u32 protocol;              36
 * };                         size 40
 * </pre>
 */
final class FlowEntries {
    static final int KEY_BYTES = 40;
    static final int VALUE_BYTES = 12;

    private static final int DESTINATION = 16;
    private static final int SOURCE_PORT = 32;
    private static final int DESTINATION_PORT = 34;
    private static final int PROTOCOL = 36;

    private FlowEntries() {}

    /** @param limit at most so many */
    static JsonArray read(PinnedPlane plane, PlaneNames names, int limit) throws PlaneException {
        JsonArray array = new JsonArray();
        BpfMap flows = plane.map("flows");
        UnsafeBuffer key = PinnedPlane.buffer(KEY_BYTES);
        UnsafeBuffer last = PinnedPlane.buffer(KEY_BYTES);
        UnsafeBuffer value = PinnedPlane.buffer(VALUE_BYTES);
        boolean more = flows.nextKey(null, key);
        for (int i = 0; more && i < limit; i++) {
            if (flows.lookup(key, value)) {
                JsonObject flow = describe(key, 0);
                flow.addProperty("backend", names.real(value.getInt(0)));
                flow.addProperty("generation", Integer.toUnsignedLong(value.getInt(Integer.BYTES)));
                array.add(flow);
            }
            last.putBytes(0, key, 0, KEY_BYTES);
            more = flows.nextKey(last, key);
        }
        return array;
    }

    /** @param at where a struct flow begins */
    static JsonObject describe(DirectBuffer buffer, int at) {
        JsonObject flow = new JsonObject();
        flow.addProperty("protocol", VipSlots.protocolName(buffer.getInt(at + PROTOCOL)));
        flow.addProperty("client", endpoint(buffer, at, at + SOURCE_PORT));
        flow.addProperty("vip", endpoint(buffer, at + DESTINATION, at + DESTINATION_PORT));
        return flow;
    }

    private static String endpoint(DirectBuffer buffer, int address, int port) {
        return new Endpoint(
                        RealEntry.address(buffer, address),
                        Short.toUnsignedInt(buffer.getShort(port, ByteOrder.BIG_ENDIAN)))
                .toString();
    }
}
