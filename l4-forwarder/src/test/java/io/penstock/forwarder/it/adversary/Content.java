package io.penstock.forwarder.it.adversary;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.BufferUtil;

/**
 * What one direction of one connection carries: bytes that depend on the position, the direction and the connection,
 * so that a byte which is wrong, missing, repeated or another connection's shows. {@link #URGENT} is none of them.
 */
final class Content {
    /** The one byte that is sent as urgent data. */
    static final byte URGENT = (byte) 0xff;

    /** Most bytes that {@link #address} and {@link #matching} see at once. */
    static final int CHUNK_BYTES = 256 << 10;

    /** Prime, so no multiple of a buffer's size: a lost or repeated buffer shows. */
    private static final int PERIOD = 1_048_573;

    /** One period, and the start of the next so that a chunk never wraps. */
    private static final ByteBuffer NOISE = BufferUtil.allocateDirectAligned(PERIOD + CHUNK_BYTES, Long.BYTES);

    private static final long NOISE_ADDRESS = BufferUtil.address(NOISE);

    static {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < NOISE.capacity(); i++) {
            NOISE.put(i, i < PERIOD ? (byte) random.nextInt(URGENT & 0xff) : NOISE.get(i - PERIOD));
        }
    }

    private final int start;

    /** @param key another one for each direction of each connection */
    Content(long key) {
        start = new SplittableRandom(key).nextInt(PERIOD);
    }

    /** Where the bytes from this position of the stream on stand in memory, {@link #CHUNK_BYTES} of them. */
    long address(long position) {
        return NOISE_ADDRESS + index(position);
    }

    /** How many bytes of {@code buffer} from {@code offset} on are those from this position of the stream on. */
    int matching(long position, ByteBuffer buffer, int offset, int length) {
        int mismatch = NOISE.slice(index(position), length).mismatch(buffer.slice(offset, length));
        return mismatch < 0 ? length : mismatch;
    }

    private int index(long position) {
        return (int) ((start + position) % PERIOD);
    }
}
