package io.penstock.forwarder.xdp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * An Ethernet address.
 *
 * @param bits the first octet in bits 40 to 47
 */
record Mac(long bits) {
    static final int OCTETS = 6;
    static final Mac ZERO = new Mac(0);

    /** What a VXLAN device of a backend has, so that nobody needs to be asked for it: locally administered, "penst". */
    static final Mac VXLAN_BACKEND = new Mac(0x0270_656e_7374L);

    /** From {@code 02:00:5e:10:00:01}, as netlink's records have it. */
    static Mac parse(String text) {
        return new Mac(Long.parseLong(text.replace(":", ""), 16));
    }

    static Mac get(DirectBuffer buffer, int offset) {
        long bits = 0;
        for (int i = 0; i < OCTETS; i++) {
            bits = (bits << Byte.SIZE) | Byte.toUnsignedLong(buffer.getByte(offset + i));
        }
        return new Mac(bits);
    }

    void put(MutableDirectBuffer buffer, int offset) {
        for (int i = 0; i < OCTETS; i++) {
            buffer.putByte(offset + i, (byte) (bits >>> ((OCTETS - 1 - i) * Byte.SIZE)));
        }
    }

    boolean isZero() {
        return bits == 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int shift = (OCTETS - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            text.append(text.isEmpty() ? "" : ":")
                    .append(Character.forDigit((int) (bits >>> (shift + 4)) & 0xf, 16))
                    .append(Character.forDigit((int) (bits >>> shift) & 0xf, 16));
        }
        return text.toString();
    }
}
