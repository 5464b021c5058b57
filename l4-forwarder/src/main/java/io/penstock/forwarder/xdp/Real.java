package io.penstock.forwarder.xdp;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.net.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One backend as the program knows it, an element of the map {@code reals}. A value.
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
 * @param path how packets get there; what is not known of it stays as it was
 * @param generation counted up when the number is given to another backend, so that flows of the one before are told apart
 * @param vni of VXLAN
 */
record Real(IpAddress address, Encapsulation encapsulation, int vni, State state, Path path, int generation) {
    static final int BYTES = 56;

    private static final int NEXT_HOP = 16;
    private static final int SOURCE = 22;
    private static final int INNER = 28;
    private static final int ENCAPSULATION = 34;
    private static final int STATE = 35;
    private static final int LINK = 36;
    private static final int GENERATION = 40;
    private static final int VNI = 44;
    private static final int MTU = 48;
    private static final int FLAGS = 50;
    private static final int ZERO = 52;

    private static final int IPV6 = 1;
    private static final int HAS_MAC = 2;

    private static final int MAX_MTU = 0xffff;

    /** Nobody's number: whose it was, only its generation tells. */
    static final Real ABSENT = new Real(IpAddress.ANY_IPV6, Encapsulation.L2, 0, State.ABSENT, Path.UNKNOWN, 0);

    enum State {
        ABSENT(0),
        UP(1),
        DRAINING(2),
        DOWN(3);

        private final int code;

        State(int code) {
            this.code = code;
        }

        static State of(int code) {
            for (State state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            return ABSENT;
        }
    }

    /**
     * The first hop.
     *
     * @param link the number of the interface to leave by, or 0
     * @param source the interface's own address
     * @param nextHop {@link Mac#ZERO} while nobody answered
     * @param mtu of the interface or, where that is less, of the route, in octets
     */
    record Path(int link, Mac source, Mac nextHop, int mtu) {
        static final Path UNKNOWN = new Path(0, Mac.ZERO, Mac.ZERO, 0);

        boolean isComplete() {
            return link != 0 && !nextHop.isZero();
        }
    }

    Real with(State other) {
        return new Real(address, encapsulation, vni, other, path, generation);
    }

    Real with(Path other) {
        return new Real(address, encapsulation, vni, state, other, generation);
    }

    /** The number is free, and was this one's. */
    Real gone() {
        return new Real(ABSENT.address, ABSENT.encapsulation, 0, State.ABSENT, Path.UNKNOWN, generation);
    }

    void put(MutableDirectBuffer buffer, int at) {
        Addresses16.put(buffer, at, address);
        path.nextHop.put(buffer, at + NEXT_HOP);
        path.source.put(buffer, at + SOURCE);
        (encapsulation == Encapsulation.VXLAN ? Mac.VXLAN_BACKEND : Mac.ZERO).put(buffer, at + INNER);
        buffer.putByte(at + ENCAPSULATION, (byte) code(encapsulation));
        buffer.putByte(at + STATE, (byte) state.code);
        buffer.putInt(at + LINK, path.link);
        buffer.putInt(at + GENERATION, generation);
        buffer.putInt(at + VNI, vni);
        buffer.putShort(at + MTU, (short) Math.min(MAX_MTU, path.mtu));
        buffer.putShort(at + FLAGS, (short) ((address.isIpv4() ? 0 : IPV6) | (path.isComplete() ? HAS_MAC : 0)));
        buffer.putInt(at + ZERO, 0);
    }

    static Real get(DirectBuffer buffer, int at) {
        Path path = new Path(
                buffer.getInt(at + LINK),
                Mac.get(buffer, at + SOURCE),
                Mac.get(buffer, at + NEXT_HOP),
                Short.toUnsignedInt(buffer.getShort(at + MTU)));
        return new Real(
                Addresses16.get(buffer, at),
                encapsulation(buffer.getByte(at + ENCAPSULATION)),
                buffer.getInt(at + VNI),
                State.of(buffer.getByte(at + STATE)),
                path,
                buffer.getInt(at + GENERATION));
    }

    private static int code(Encapsulation encapsulation) {
        return switch (encapsulation) {
            case L2 -> 0;
            case IPIP -> 1;
            case VXLAN -> 2;
        };
    }

    private static Encapsulation encapsulation(int code) {
        return switch (code) {
            case 1 -> Encapsulation.IPIP;
            case 2 -> Encapsulation.VXLAN;
            default -> Encapsulation.L2;
        };
    }
}
