package io.penstock.perf.lab.dsr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.net.IpAddress;
import io.penstock.perf.lab.LastingClients.Flow;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** What a forwarder's program has counted, read from its pinned maps: these stay when the forwarder's process does not. */
final class Plane {
    private static final Path PINS = Path.of("/sys/fs/bpf/penstock");

    private static final Path RUN = Path.of("/run/penstock");

    /** Of maps.h, struct flow and struct real. */
    private static final int FLOW_BYTES = 40;

    private static final int ADDRESS_BYTES = 16;
    private static final int REAL_GENERATION = 40;
    private static final int IPPROTO_TCP = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;

    /**
     * Of one forwarder.
     *
     * @param name as its configuration has it
     */
    Plane(String name) {
        this.name = name;
    }

    /** Of counters.h. */
    enum Counter {
        FLOW_NEW(2),
        FLOW_BYPASSED(3),
        PREVIOUS_RING(4),
        ICMP_STEERED(5);

        private final int index;

        Counter(int index) {
            this.index = index;
        }
    }

    long count(Counter counter) throws IOException {
        return sum("counters", List.of(counter.index));
    }

    /** Packets that it has forwarded. */
    long forwarded() throws IOException {
        return forwarded(any -> true);
    }

    /** Packets that it has forwarded for a service. */
    long forwarded(String service) throws IOException {
        return forwarded(service::equals);
    }

    /** What went to a backend is counted by a number that it has for each service. */
    private long forwarded(Predicate<String> service) throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode real : names().path("reals")) {
            if (service.test(real.path("service").asText())) {
                ids.add(real.path("id").asInt());
            }
        }
        return sum("volumes", ids);
    }

    /** Where its flow table leads a connection to: a backend's name, with a mark when that is forgotten; {@code nobody} without an entry. */
    String remembered(Flow flow) throws IOException {
        UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(FLOW_BYTES, Long.BYTES));
        putAddress(key, 0, flow.client().address());
        putAddress(key, ADDRESS_BYTES, flow.target().address());
        key.putShort(2 * ADDRESS_BYTES, (short) flow.client().port(), ByteOrder.BIG_ENDIAN);
        key.putShort(2 * ADDRESS_BYTES + Short.BYTES, (short) flow.target().port(), ByteOrder.BIG_ENDIAN);
        key.putInt(2 * ADDRESS_BYTES + Integer.BYTES, IPPROTO_TCP, ByteOrder.nativeOrder());
        try (BpfMap flows = BpfMap.openPinned(PINS.resolve(name).resolve("flows"))) {
            UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(flows.lookupSize(), Long.BYTES));
            return flows.lookup(key, memory) ? backend(memory.getInt(0), memory.getInt(Integer.BYTES)) : "nobody";
        } catch (BpfException e) {
            throw new IOException("cannot read what " + name + " remembers: " + e.getMessage(), e);
        }
    }

    /** As wire.h has it: IPv4 in the last four octets. */
    private static void putAddress(UnsafeBuffer key, int at, IpAddress address) {
        key.putLong(at, address.high(), ByteOrder.BIG_ENDIAN);
        key.putLong(at + Long.BYTES, address.low(), ByteOrder.BIG_ENDIAN);
    }

    /** An entry counts as long as what it names has the generation that it had. */
    private String backend(int id, int generation) throws IOException, BpfException {
        String backend = "real " + id;
        for (JsonNode real : names().path("reals")) {
            if (real.path("id").asInt() == id) {
                backend = real.path("backend").asText();
            }
        }
        UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
        key.putInt(0, id);
        try (BpfMap reals = BpfMap.openPinned(PINS.resolve(name).resolve("reals"))) {
            UnsafeBuffer real = new UnsafeBuffer(BufferUtil.allocateDirectAligned(reals.lookupSize(), Long.BYTES));
            return reals.lookup(key, real) && real.getInt(REAL_GENERATION) == generation
                    ? backend
                    : backend + " (forgotten)";
        }
    }

    private JsonNode names() throws IOException {
        return JSON.readTree(RUN.resolve("xdp-" + name + ".json").toFile());
    }

    /** The first numbers of elements, of all CPUs. */
    private long sum(String map, List<Integer> indices) throws IOException {
        try (BpfMap counts = BpfMap.openPinned(PINS.resolve(name).resolve(map))) {
            int size = counts.lookupSize();
            UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
            UnsafeBuffer value = new UnsafeBuffer(BufferUtil.allocateDirectAligned(size, Long.BYTES));
            long sum = 0;
            for (int index : indices) {
                key.putInt(0, index, ByteOrder.nativeOrder());
                if (!counts.lookup(key, value)) {
                    throw new IOException("no element " + index + " in map " + map + " of " + name);
                }
                for (int at = 0; at < size; at += size / BpfMap.possibleCpus()) {
                    sum += value.getLong(at, ByteOrder.nativeOrder());
                }
            }
            return sum;
        } catch (BpfException e) {
            throw new IOException("cannot read what " + name + " has counted: " + e.getMessage(), e);
        }
    }
}
