package io.penstock.proxyprotocol;

import io.penstock.net.IpAddress;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/** Takes one thing after another from a line of ASCII; what does not fit is not taken, or ends the line's use. */
final class LineCursor {
    private static final int GROUPS = 8;
    private static final int NONE = -1;

    private final int[] groups = new int[GROUPS];
    private DirectBuffer buffer;
    private int at;
    private int end;
    private long high;
    private long low;

    void wrap(DirectBuffer buffer, int from, int to) {
        this.buffer = buffer;
        at = from;
        end = to;
    }

    boolean isAtEnd() {
        return at == end;
    }

    boolean take(byte expected) {
        boolean found = at < end && buffer.getByte(at) == expected;
        at += found ? 1 : 0;
        return found;
    }

    boolean take(byte[] expected) {
        if (end - at < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (buffer.getByte(at + i) != expected[i]) {
                return false;
            }
        }
        at += expected.length;
        return true;
    }

    /** A decimal number without a zero in front; -1 when there is none or it is above {@code max}. */
    int takeNumber(int max) {
        int digit = digit(10);
        if (digit <= 0) {
            at++;
            return digit == 0 && digit(10) == NONE ? 0 : NONE;
        }
        int number = 0;
        while (digit != NONE) {
            number = number * 10 + digit;
            if (number > max) {
                return NONE;
            }
            at++;
            digit = digit(10);
        }
        return number;
    }

    /** An address whose halves are then at {@link #high} and {@link #low}. */
    boolean takeAddress(boolean ipv4) {
        return ipv4 ? takeIpv4() : takeIpv6();
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    private boolean takeIpv4() {
        long address = 0;
        for (int i = 0; i < 4; i++) {
            int octet = i == 0 || take((byte) '.') ? takeNumber(0xff) : NONE;
            if (octet == NONE) {
                return false;
            }
            address = address << 8 | octet;
        }
        high = 0;
        low = IpAddress.ANY_IPV4.low() | address;
        return true;
    }

    /** As RFC 4291 section 2.2 has it, with dots at the end too: so do senders write addresses that map IPv4. */
    private boolean takeIpv6() {
        int count = 0;
        int gap = takeGap() ? 0 : NONE;
        boolean more = gap == NONE || digit(16) != NONE;
        while (more) {
            int begin = at;
            int group = takeGroup();
            if (group == NONE || count == GROUPS) {
                return false;
            }
            if (at < end && buffer.getByte(at) == '.') {
                at = begin;
                if (count > GROUPS - 2 || !takeIpv4()) {
                    return false;
                }
                groups[count++] = (int) (low >>> 16) & 0xffff;
                groups[count++] = (int) low & 0xffff;
                break;
            }
            groups[count++] = group;
            if (gap == NONE && takeGap()) {
                gap = count;
                more = digit(16) != NONE;
            } else {
                more = take((byte) ':');
            }
        }
        return expand(count, gap);
    }

    private boolean takeGap() {
        boolean found = end - at >= 2 && buffer.getByte(at) == ':' && buffer.getByte(at + 1) == ':';
        at += found ? 2 : 0;
        return found;
    }

    /** One to four hexadecimal digits. */
    private int takeGroup() {
        int group = NONE;
        for (int i = 0; i < 4 && digit(16) != NONE; i++) {
            group = Math.max(group, 0) << 4 | digit(16);
            at++;
        }
        return group;
    }

    private boolean expand(int count, int gap) {
        if (gap == NONE ? count != GROUPS : count == GROUPS) {
            return false;
        }
        if (gap != NONE) {
            int behind = count - gap;
            System.arraycopy(groups, gap, groups, GROUPS - behind, behind);
            Arrays.fill(groups, gap, GROUPS - behind, 0);
        }
        high = half(0);
        low = half(GROUPS / 2);
        return true;
    }

    private long half(int from) {
        long half = 0;
        for (int i = from; i < from + GROUPS / 2; i++) {
            half = half << 16 | groups[i];
        }
        return half;
    }

    /** The digit that is next, without taking it; or {@link #NONE}. */
    private int digit(int radix) {
        if (at >= end) {
            return NONE;
        }
        int octet = buffer.getByte(at);
        int letter = octet | 0x20;
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        return radix == 16 && letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : NONE;
    }
}
