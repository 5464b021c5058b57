package io.penstock.perf.load;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Cuts the bytes of one connection into requests. Holds memory only once a request came in pieces. */
final class RequestReader {
    /** What {@link #take} found at the end of the bytes it took. */
    enum Found {
        REQUEST,
        PART,
        RUBBISH
    }

    private UnsafeBuffer partial;
    private int partialBytes;
    private int taken;
    private int responseLength;
    private int sequence;

    /** Takes bytes up to the end of the next request, at least one; {@code length} is positive. */
    Found take(DirectBuffer buffer, int offset, int length) {
        if (partialBytes == 0 && length >= Wire.REQUEST_BYTES) {
            taken = Wire.REQUEST_BYTES;
            return decode(buffer, offset);
        }
        if (partial == null) {
            partial = new UnsafeBuffer(new byte[Wire.REQUEST_BYTES]);
        }
        taken = Math.min(length, Wire.REQUEST_BYTES - partialBytes);
        partial.putBytes(partialBytes, buffer, offset, taken);
        partialBytes += taken;
        if (partialBytes < Wire.REQUEST_BYTES) {
            return Found.PART;
        }
        partialBytes = 0;
        return decode(partial, 0);
    }

    private Found decode(DirectBuffer buffer, int offset) {
        responseLength = Wire.responseLength(buffer, offset);
        sequence = Wire.sequence(buffer, offset);
        return Wire.isRequest(buffer, offset) ? Found.REQUEST : Found.RUBBISH;
    }

    /** How many bytes the last {@link #take} used. */
    int taken() {
        return taken;
    }

    int responseLength() {
        return responseLength;
    }

    int sequence() {
        return sequence;
    }
}
