package io.penstock.forwarder.flowlog;

import io.penstock.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Text of ASCII and UTF-8 that is put together without allocating, once it is as long as it ever was. NOT thread safe. */
final class LineBuffer {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int MAX_DIGITS = 20;
    private static final long NS_PER_US = 1000;
    private static final long US_PER_MS = 1000;

    private byte[] bytes;
    private int length;

    LineBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    /** What was put so far; of the same memory, so until the next change. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    LineBuffer put(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    LineBuffer put(byte[] text) {
        ensure(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** @param value 0 or more */
    LineBuffer decimal(long value) {
        ensure(MAX_DIGITS);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** With zeros before it, if it is shorter. */
    LineBuffer decimal(int value, int digits) {
        ensure(digits);
        int rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** A time in milliseconds, to the microsecond. What a clock that was read twice in one turn makes negative is none. */
    LineBuffer milliseconds(long ns) {
        long us = Math.max(0, ns) / NS_PER_US;
        return decimal(us / US_PER_MS).put('.').decimal((int) (us % US_PER_MS), 3);
    }

    /** An address as {@link IpAddress} prints it. */
    LineBuffer address(long high, long low) {
        if (IpAddress.isIpv4(high, low)) {
            return decimal((low >>> 24) & 0xff)
                    .put('.')
                    .decimal((low >>> 16) & 0xff)
                    .put('.')
                    .decimal((low >>> 8) & 0xff)
                    .put('.')
                    .decimal(low & 0xff);
        }
        return ipv6(high, low);
    }

    /** RFC 5952: the first of the longest runs of zeros, if it is longer than one, becomes two colons. */
    private LineBuffer ipv6(long high, long low) {
        int runAt = -1;
        int runLength = 1;
        for (int at = 0; at < 8; at++) {
            int end = at;
            while (end < 8 && group(high, low, end) == 0) {
                end++;
            }
            if (end - at > runLength) {
                runAt = at;
                runLength = end - at;
            }
        }
        for (int at = 0; at < 8; at++) {
            if (at == runAt) {
                put(':').put(':');
                at += runLength - 1;
            } else {
                if (at > 0 && at != runAt + runLength) {
                    put(':');
                }
                hex(group(high, low, at));
            }
        }
        return this;
    }

    private static int group(long high, long low, int number) {
        long half = number < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (number & 3))) & 0xffff;
    }

    private void hex(int group) {
        ensure(4);
        boolean begun = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            int digit = (group >>> shift) & 0xf;
            begun |= digit != 0 || shift == 0;
            if (begun) {
                bytes[length++] = HEX[digit];
            }
        }
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
