package io.penstock.forwarder.xdp.program;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.MappedArray;
import io.penstock.net.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

/** The open hash table of VIPs, written as vip.h reads it; the tests' own. */
final class VipSlots {
    static final long SEED = 0x5eed5eed12345678L;
    static final int HALF = 32768;

    private static final int OCTETS = 32;
    private static final int KEY_OCTETS = 19;
    private static final int FLAGS = 19;
    private static final int PROBES = 16;
    private static final int USED = 1;
    private static final int HAS_RANGES = 2;
    private static final int RANGE_OCTETS = 8;

    private final Plane plane;

    /** Ports of one service. */
    record Range(int low, int high, int service) {}

    VipSlots(Plane plane) {
        this.plane = plane;
    }

    /** One port of a VIP. */
    void port(String address, int protocol, int port, int service) throws BpfException {
        put(address, port, protocol, USED, service, 0, 0);
        put(address, 0, 0, USED, 0, 0, 0);
    }

    /** All ports of a VIP that no other entry has. */
    void anyPort(String address, int protocol, int service) throws BpfException {
        port(address, protocol, 0, service);
    }

    /**
     * Some ports of a VIP.
     *
     * @param first place of the first in {@code ranges}
     */
    void ranges(String address, int protocol, int first, Range... ranges) throws BpfException {
        for (int i = 0; i < ranges.length; i++) {
            UnsafeBuffer value = new Layout(RANGE_OCTETS)
                    .u16(ranges[i].low())
                    .u16(ranges[i].high())
                    .u32(ranges[i].service())
                    .buffer();
            plane.map("ranges").update(Plane.key(first + i), value);
        }
        put(address, 0, protocol, USED | HAS_RANGES, 0, first, ranges.length);
        put(address, 0, 0, USED, 0, 0, 0);
    }

    /** Puts so many others before an entry, where it is looked for first. */
    void crowd(String text, int protocol, int port, int others) throws BpfException {
        IpAddress address = IpAddress.parse(text).orElseThrow();
        int first = firstSlot(address, port, protocol);
        try (MappedArray vips = plane.map("vips").mapped()) {
            byte[] entry = new byte[OCTETS];
            vips.buffer().getBytes(first * OCTETS, entry);
            for (int i = 0; i < others; i++) {
                int at = ((first + i) & (HALF - 1)) * OCTETS;
                vips.buffer().setMemory(at, OCTETS, (byte) 0);
                vips.buffer().putByte(at + FLAGS, (byte) USED);
            }
            vips.buffer().putBytes(((first + others) & (HALF - 1)) * OCTETS, entry);
        }
    }

    private void put(String text, int port, int protocol, int flags, int service, int firstRange, int ranges)
            throws BpfException {
        IpAddress address = IpAddress.parse(text).orElseThrow();
        UnsafeBuffer slot = new Layout(OCTETS)
                .address(address)
                .be16(port)
                .u8(protocol)
                .u8(flags)
                .u32(service)
                .u32(firstRange)
                .u32(ranges)
                .buffer();
        try (MappedArray vips = plane.map("vips").mapped()) {
            int first = firstSlot(address, port, protocol);
            for (int probe = 0; probe < PROBES; probe++) {
                int at = (plane.config().vipBase + ((first + probe) & (HALF - 1))) * OCTETS;
                boolean used = (vips.buffer().getByte(at + FLAGS) & USED) != 0;
                if (!used || isKey(vips, at, slot)) {
                    vips.buffer().putBytes(at, slot, 0, OCTETS);
                    return;
                }
            }
        }
        throw new IllegalStateException("no slot for " + text);
    }

    private static boolean isKey(MappedArray vips, int at, UnsafeBuffer slot) {
        for (int i = 0; i < KEY_OCTETS; i++) {
            if (vips.buffer().getByte(at + i) != slot.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    static int firstSlot(IpAddress address, int port, int protocol) {
        long x = Long.reverseBytes(address.high()) * 0x9e3779b97f4a7c15L + Long.reverseBytes(address.low());
        x ^= ((Short.reverseBytes((short) port) & 0xffffL) | ((long) protocol << 16)) ^ SEED;
        x *= 0xff51afd7ed558ccdL;
        x ^= x >>> 32;
        x *= 0xc4ceb9fe1a85ec53L;
        return (int) (x >>> 49);
    }
}
