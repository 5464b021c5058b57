package io.penstock.forwarder.xdp.program;

import java.nio.ByteBuffer;

/** The checksum of the Internet (RFC 1071), the tests' own. */
final class Checksum {
    private static final int FULL = 0xffff;

    private Checksum() {}

    /** Of the octets, as they go into a header whose own checksum is 0. */
    static int of(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate((length + 1) & ~1);
        for (byte[] part : parts) {
            all.put(part);
        }
        all.rewind();
        long sum = 0;
        while (all.hasRemaining()) {
            sum += all.getShort() & FULL;
        }
        while (sum > FULL) {
            sum = (sum & FULL) + (sum >>> 16);
        }
        return (int) ~sum & FULL;
    }

    /** Whether octets that hold their own checksum are as they were. */
    static boolean isRight(byte[]... parts) {
        return of(parts) == 0;
    }
}
