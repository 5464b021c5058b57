package io.penstock.vrrp.wire;

import io.penstock.net.IpAddress;
import org.agrona.MutableDirectBuffer;

/** Ethernet addresses as the low 48 bits of a long, first octet highest. */
final class HardwareAddress {
    static final int SIZE = 6;
    static final long BROADCAST = 0xffff_ffff_ffffL;

    /** What {@link #parse} says of everything else. */
    static final long NONE = -1;

    /** RFC 9568 section 7.3; the VRID is the last octet. */
    private static final long VIRTUAL_IPV4 = 0x0000_5e00_0100L;

    private static final long VIRTUAL_IPV6 = 0x0000_5e00_0200L;

    /** RFC 1112 section 6.4: the low 23 bits of the group. */
    private static final long IPV4_MULTICAST = 0x0100_5e00_0000L;

    private static final long IPV4_MULTICAST_BITS = 0x7f_ffff;

    /** RFC 2464 section 7: the low 32 bits of the group. */
    private static final long IPV6_MULTICAST = 0x3333_0000_0000L;

    private static final long IPV6_MULTICAST_BITS = 0xffff_ffffL;

    private static final int TEXT_LENGTH = 17;
    private static final int HEXADECIMAL = 16;

    private HardwareAddress() {}

    /** From six octets of two hexadecimal digits with colons between; {@link #NONE} from anything else. */
    static long parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return NONE;
        }
        long address = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            int digit = Character.digit(text.charAt(i), HEXADECIMAL);
            boolean separator = i % 3 == 2;
            if (separator ? text.charAt(i) != ':' : digit < 0) {
                return NONE;
            }
            address = separator ? address : (address << 4) | digit;
        }
        return address;
    }

    static long virtual(boolean ipv4, int vrid) {
        return (ipv4 ? VIRTUAL_IPV4 : VIRTUAL_IPV6) | vrid;
    }

    /** Where frames to a multicast group go. */
    static long ofGroup(IpAddress group) {
        return group.isIpv4()
                ? IPV4_MULTICAST | (group.low() & IPV4_MULTICAST_BITS)
                : IPV6_MULTICAST | (group.low() & IPV6_MULTICAST_BITS);
    }

    static void put(MutableDirectBuffer to, int offset, long address) {
        for (int i = 0; i < SIZE; i++) {
            to.putByte(offset + i, (byte) (address >>> (8 * (SIZE - 1 - i))));
        }
    }
}
