package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.perf.load.RequestReader.Found;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class RequestReaderTest {
    private static final int REQUESTS = 5;

    private final RequestReader reader = new RequestReader();

    @Test
    void shouldReadRequestsThatCameTogether() {
        assertEquals(expected(), read(stream(), List.of(REQUESTS * Wire.REQUEST_BYTES)));
    }

    @Test
    void shouldReadRequestsThatCameByteByByte() {
        assertEquals(expected(), read(stream(), List.of(1)));
    }

    @Property(tries = 300)
    void shouldReadTheSameRequestsHoweverTheyAreCut(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 150) Integer> cuts) {
        assertEquals(expected(), read(stream(), cuts));
    }

    @Test
    void shouldNotTakeRubbishForARequest() {
        UnsafeBuffer rubbish = new UnsafeBuffer(new byte[Wire.REQUEST_BYTES]);
        assertEquals(Found.RUBBISH, reader.take(rubbish, 0, Wire.REQUEST_BYTES));
    }

    @Test
    void shouldNotTakeRubbishInPiecesForARequest() {
        UnsafeBuffer rubbish = new UnsafeBuffer(new byte[Wire.REQUEST_BYTES]);
        assertEquals(Found.PART, reader.take(rubbish, 0, 10));
        assertEquals(Found.RUBBISH, reader.take(rubbish, 10, Wire.REQUEST_BYTES - 10));
    }

    private static List<String> expected() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            expected.add(i + ":" + (i + 1) * 100);
        }
        return expected;
    }

    private static UnsafeBuffer stream() {
        UnsafeBuffer stream = new UnsafeBuffer(new byte[REQUESTS * Wire.REQUEST_BYTES]);
        UnsafeBuffer request = Wire.newRequest();
        for (int i = 0; i < REQUESTS; i++) {
            Wire.putRequest(request, (i + 1) * 100, i);
            stream.putBytes(i * Wire.REQUEST_BYTES, request, 0, Wire.REQUEST_BYTES);
        }
        return stream;
    }

    /** Hands over the stream in pieces of the given lengths, over and over, as receiving would. */
    private List<String> read(UnsafeBuffer stream, List<Integer> cuts) {
        List<String> found = new ArrayList<>();
        int piece = 0;
        for (int start = 0; start < stream.capacity(); piece++) {
            int end = Math.min(stream.capacity(), start + cuts.get(piece % cuts.size()));
            for (int offset = start; offset < end; offset += reader.taken()) {
                if (reader.take(stream, offset, end - offset) == Found.REQUEST) {
                    found.add(reader.sequence() + ":" + reader.responseLength());
                }
            }
            start = end;
        }
        return found;
    }
}
