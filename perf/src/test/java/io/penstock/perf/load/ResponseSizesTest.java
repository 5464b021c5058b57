package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ResponseSizesTest {
    @Test
    void shouldMixInTheProportionsItPromises() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 2_000; i++) {
            counts.merge(ResponseSizes.MIXED.at(i), 1, Integer::sum);
        }
        assertEquals(Map.of(256, 1_400, 4 * 1024, 400, 32 * 1024, 180, 256 * 1024, 20), counts);
    }

    @Test
    void shouldGoRoundWhateverThePosition() {
        assertEquals(ResponseSizes.MIXED.at(0), ResponseSizes.MIXED.at(1_000));
        assertEquals(ResponseSizes.MIXED.at(Integer.MAX_VALUE), ResponseSizes.MIXED.at(Integer.MAX_VALUE - 1_000));
        assertEquals(Wire.REQUEST_BYTES, ResponseSizes.SMALL.at(-1));
    }
}
