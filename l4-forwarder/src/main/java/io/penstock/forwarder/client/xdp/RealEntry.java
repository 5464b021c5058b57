package io.penstock.forwarder.client.xdp;

import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * One element of the map {@code reals}: a backend as the program sees it.
 *
 * <pre>
 * struct real {
 *     struct address address;   0       __u32 ifindex;      36
 *     struct mac next_hop;     16       __u32 generation;   40
 *     struct mac source;       22       __u32 vni;          44
 *     struct mac inner;        28       __u16 mtu;          48
 *     __u8 encapsulation;      34       __u16 flags;        50
 *     __u8 state;              35       __u32 zero;         52
 * };                                                  size 56
 * </pre>
 *
 * @param nextHop empty while nobody has answered who has the address
 * @param ifindex the interface that packets leave by; 0 for the one they came by
 */
record RealEntry(
        int id, IpAddress address, String nextHop, String encapsulation, String state, int ifindex, int generation) {
    static final int BYTES = 56;

    private static final int NEXT_HOP = 16;
    private static final int ENCAPSULATION = 34;
    private static final int STATE = 35;
    private static final int IFINDEX = 36;
    private static final int GENERATION = 40;
    private static final int FLAGS = 50;

    private static final int HAS_MAC = 2;
    private static final int MAC_BYTES = 6;

    static RealEntry read(int id, DirectBuffer buffer) {
        boolean resolved = (buffer.getShort(FLAGS) & HAS_MAC) != 0;
        return new RealEntry(
                id,
                address(buffer, 0),
                resolved ? mac(buffer, NEXT_HOP) : "",
                switch (buffer.getByte(ENCAPSULATION)) {
                    case 0 -> "l2";
                    case 1 -> "ipip";
                    case 2 -> "vxlan";
                    default -> "kind " + buffer.getByte(ENCAPSULATION);
                },
                switch (buffer.getByte(STATE)) {
                    case 0 -> "absent";
                    case 1 -> "up";
                    case 2 -> "draining";
                    case 3 -> "down";
                    default -> "state " + buffer.getByte(STATE);
                },
                buffer.getInt(IFINDEX),
                buffer.getInt(GENERATION));
    }

    boolean isAbsent() {
        return state.equals("absent");
    }

    static IpAddress address(DirectBuffer buffer, int at) {
        return new IpAddress(
                buffer.getLong(at, ByteOrder.BIG_ENDIAN), buffer.getLong(at + Long.BYTES, ByteOrder.BIG_ENDIAN));
    }

    private static String mac(DirectBuffer buffer, int at) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < MAC_BYTES; i++) {
            text.append(text.isEmpty() ? "" : ":").append(String.format(Locale.ROOT, "%02x", buffer.getByte(at + i)));
        }
        return text.toString();
    }
}
