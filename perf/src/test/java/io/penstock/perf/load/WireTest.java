package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class WireTest {
    private static final int SEQUENCE = 77;
    private static final int LENGTH = 1_000;

    @Test
    void shouldReadTheRequestThatWasPut() {
        UnsafeBuffer request = request();
        assertTrue(Wire.isRequest(request, 0));
        assertEquals(LENGTH, Wire.responseLength(request, 0));
        assertEquals(SEQUENCE, Wire.sequence(request, 0));
    }

    @Test
    void shouldRefuseARequestThatWasDamaged() {
        for (int offset : new int[] {0, 7, Wire.REQUEST_BYTES - 1}) {
            UnsafeBuffer request = request();
            request.putByte(offset, (byte) ~request.getByte(offset));
            assertFalse(Wire.isRequest(request, 0), "damaged at " + offset);
        }
    }

    @Test
    void shouldKnowTheResponseInAnyPieces() {
        UnsafeBuffer response = response(SEQUENCE);
        for (int piece = 1; piece <= LENGTH; piece += 7) {
            for (int position = 0; position < LENGTH; position += piece) {
                int length = Math.min(piece, LENGTH - position);
                assertTrue(Wire.isResponse(response, position, length, SEQUENCE, position), "of " + piece);
            }
        }
    }

    @Test
    void shouldNoticeAWrongByteAtEitherEndOfAPiece() {
        for (int offset : new int[] {0, 7, LENGTH - 8, LENGTH - 1}) {
            UnsafeBuffer response = response(SEQUENCE);
            response.putByte(offset, (byte) ~response.getByte(offset));
            assertFalse(Wire.isResponse(response, 0, LENGTH, SEQUENCE, 0), "damaged at " + offset);
        }
        UnsafeBuffer response = response(SEQUENCE);
        response.putByte(1, (byte) ~response.getByte(1));
        assertFalse(Wire.isResponse(response, 0, 3, SEQUENCE, 0));
    }

    @Test
    void shouldNoticeBytesThatAreOutOfPlace() {
        UnsafeBuffer response = response(SEQUENCE);
        for (int offBy = 1; offBy < 64; offBy++) {
            assertFalse(Wire.isResponse(response, offBy, LENGTH - offBy, SEQUENCE, 0), "off by " + offBy);
        }
    }

    @Test
    void shouldNoticeTheResponseToAnotherRequest() {
        for (int other = SEQUENCE + 1; other < SEQUENCE + 251; other++) {
            assertFalse(Wire.isResponse(response(other), 0, LENGTH, SEQUENCE, 0), "to request " + other);
        }
    }

    private static UnsafeBuffer request() {
        UnsafeBuffer request = Wire.newRequest();
        Wire.putRequest(request, LENGTH, SEQUENCE);
        return request;
    }

    private static UnsafeBuffer response(int sequence) {
        UnsafeBuffer copy = new UnsafeBuffer(new byte[LENGTH]);
        copy.putBytes(0, new UnsafeBuffer(Wire.responseAddress(sequence), LENGTH), 0, LENGTH);
        return copy;
    }
}
