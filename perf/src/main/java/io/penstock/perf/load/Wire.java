package io.penstock.perf.load;

import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What travels between clients and backend. A request asks for the number of bytes that it wants back:
 *
 * <pre>
 * | frame length u32 | response length u32 | sequence u32 | pattern …   64 bytes, little-endian
 * </pre>
 *
 * A response is that many bytes of one pattern, from a place that depends on the sequence number. Both ends know every
 * byte, so the backend sends from one buffer without copying, and a client notices bytes that are lost, doubled, out of
 * place or another connection's.
 */
public final class Wire {
    static final int REQUEST_BYTES = 64;
    static final int RESPONSE_BYTES_MAX = 256 * 1024;

    private static final int RESPONSE_LENGTH_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int FILL_OFFSET = 16;

    /** Sequence numbers further apart than this share their response; 251 is prime, so no power of two is a multiple. */
    private static final int SHIFTS = 251;

    /** Fractional part of the golden ratio: the top byte of its multiples neither repeats nor counts. */
    private static final int GOLDEN = 0x9E3779B1;

    private static final UnsafeBuffer PATTERN = pattern();

    private Wire() {}

    private static UnsafeBuffer pattern() {
        UnsafeBuffer pattern = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(RESPONSE_BYTES_MAX + SHIFTS, BitUtil.CACHE_LINE_LENGTH));
        for (int i = 0; i < pattern.capacity(); i++) {
            pattern.putByte(i, (byte) ((i * GOLDEN) >>> 24));
        }
        return pattern;
    }

    /** A buffer for {@link #putRequest}, with the part that never changes. */
    public static UnsafeBuffer newRequest() {
        UnsafeBuffer request = new UnsafeBuffer(BufferUtil.allocateDirectAligned(REQUEST_BYTES, Long.BYTES));
        request.putInt(0, REQUEST_BYTES, ByteOrder.LITTLE_ENDIAN);
        request.putBytes(FILL_OFFSET, PATTERN, 0, REQUEST_BYTES - FILL_OFFSET);
        return request;
    }

    static void putRequest(MutableDirectBuffer request, int responseLength, int sequence) {
        request.putInt(RESPONSE_LENGTH_OFFSET, responseLength, ByteOrder.LITTLE_ENDIAN);
        request.putInt(SEQUENCE_OFFSET, sequence, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the bytes can be a request; its end is compared, not all of it. */
    static boolean isRequest(DirectBuffer buffer, int offset) {
        int responseLength = responseLength(buffer, offset);
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN) == REQUEST_BYTES
                && responseLength > 0
                && responseLength <= RESPONSE_BYTES_MAX
                && buffer.getLong(offset + REQUEST_BYTES - Long.BYTES)
                        == PATTERN.getLong(REQUEST_BYTES - FILL_OFFSET - Long.BYTES);
    }

    static int responseLength(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + RESPONSE_LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    static int sequence(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SEQUENCE_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** Where the response to a request lies in memory. */
    static long responseAddress(int sequence) {
        return PATTERN.addressOffset() + shift(sequence);
    }

    /**
     * Whether a part of a response is right: every byte of one of up to 64, of longer ones the first and last eight.
     *
     * @param position of the part in the response
     */
    static boolean isResponse(DirectBuffer buffer, int offset, int length, int sequence, int position) {
        int expected = shift(sequence) + position;
        if (length > REQUEST_BYTES) {
            int last = length - Long.BYTES;
            return buffer.getLong(offset) == PATTERN.getLong(expected)
                    && buffer.getLong(offset + last) == PATTERN.getLong(expected + last);
        }
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (buffer.getLong(offset + i) != PATTERN.getLong(expected + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (buffer.getByte(offset + i) != PATTERN.getByte(expected + i)) {
                return false;
            }
        }
        return true;
    }

    private static int shift(int sequence) {
        return Integer.remainderUnsigned(sequence, SHIFTS);
    }
}
