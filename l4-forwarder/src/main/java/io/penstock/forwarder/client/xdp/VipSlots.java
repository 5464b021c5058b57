package io.penstock.forwarder.client.xdp;

import io.penstock.forwarder.bpf.MappedArray;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The half of the map {@code vips} that is in use, and the ranges that it points to.
 *
 * <pre>
 * struct slot {                        struct range {
 *     struct address address;  0           __u16 low;      0
 *     __be16 port;            16           __u16 high;     2
 *     __u8 protocol;          18           __u32 service;  4
 *     __u8 flags;             19       };             size 8
 *     __u32 service;          20
 *     __u32 first_range;      24
 *     __u32 ranges;           28
 * };                     size 32
 * </pre>
 */
final class VipSlots {
    private static final int SLOTS = 32_768;
    private static final int RANGES_MAX = 16;
    private static final int PORT = 16;
    private static final int PROTOCOL = 18;
    private static final int FLAGS = 19;
    private static final int SERVICE = 20;
    private static final int FIRST_RANGE = 24;
    private static final int RANGES = 28;
    private static final int USED = 1;
    private static final int BY_RANGES = 2;
    private static final int RANGE_BYTES = 8;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private VipSlots() {}

    /** Ports of an address that go to one service. */
    record Vip(IpAddress address, int protocol, int firstPort, int lastPort, int service) {
        /** As a configuration has it: {@code 192.0.2.10:80}, {@code 192.0.2.10:8000-8099}, {@code 192.0.2.10:*}. */
        String listen() {
            String host = address.isIpv4() ? address.toString() : "[" + address + "]";
            if (firstPort == 0) {
                return host + ":*";
            }
            return host + ":" + firstPort + (lastPort == firstPort ? "" : "-" + lastPort);
        }

        String protocolName() {
            return VipSlots.protocolName(protocol);
        }
    }

    static String protocolName(int protocol) {
        return switch (protocol) {
            case TCP -> "tcp";
            case UDP -> "udp";
            default -> Integer.toString(protocol);
        };
    }

    /** In no order. Read while the forwarder changes them they may be of before and after. */
    static List<Vip> read(PinnedPlane plane) throws PlaneException {
        List<Vip> vips = new ArrayList<>();
        try (MappedArray array = plane.mapped("vips")) {
            int base = plane.vipBase();
            for (int slot = base; slot < base + SLOTS; slot++) {
                int at = slot * array.stride();
                int flags = array.buffer().getByte(at + FLAGS);
                // Without a protocol it says no more than that the address is a VIP.
                if ((flags & USED) != 0 && array.buffer().getByte(at + PROTOCOL) != 0) {
                    add(plane, array.buffer(), at, vips);
                }
            }
        }
        return vips;
    }

    private static void add(PinnedPlane plane, DirectBuffer slots, int at, List<Vip> vips) throws PlaneException {
        IpAddress address = RealEntry.address(slots, at);
        int port = Short.toUnsignedInt(slots.getShort(at + PORT, ByteOrder.BIG_ENDIAN));
        int protocol = Byte.toUnsignedInt(slots.getByte(at + PROTOCOL));
        if ((slots.getByte(at + FLAGS) & BY_RANGES) == 0) {
            vips.add(new Vip(address, protocol, port, port, slots.getInt(at + SERVICE)));
            return;
        }
        int first = slots.getInt(at + FIRST_RANGE);
        UnsafeBuffer range = PinnedPlane.buffer(RANGE_BYTES);
        for (int i = 0; i < Math.min(slots.getInt(at + RANGES), RANGES_MAX); i++) {
            if (plane.read("ranges", first + i, range)) {
                int low = Short.toUnsignedInt(range.getShort(0));
                int high = Short.toUnsignedInt(range.getShort(Short.BYTES));
                boolean all = low <= 1 && high == Endpoint.MAX_PORT;
                vips.add(new Vip(address, protocol, all ? 0 : low, all ? 0 : high, range.getInt(2 * Short.BYTES)));
            }
        }
    }
}
