package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void shouldGivePercentilesInMicroseconds() {
        for (int us = 1; us <= 10_000; us++) {
            latencies.record(us * 1_000L);
        }
        assertEquals(10_000, latencies.count());
        assertEquals(5_000, latencies.percentileUs(50), 5);
        assertEquals(9_900, latencies.percentileUs(99), 10);
        assertEquals(9_990, latencies.percentileUs(99.9), 10);
        assertEquals(10_000, latencies.maxUs(), 10);
        assertEquals(5_000.5, latencies.meanUs(), 5);
    }

    @Test
    void shouldCountWhatIsLongerThanItCanHold() {
        latencies.record(Long.MAX_VALUE);
        assertEquals(1, latencies.count());
        assertEquals(60_000_000, latencies.maxUs(), 60_000);
    }

    @Test
    void shouldTakeANegativeOneForNone() {
        latencies.record(-1);
        assertEquals(1, latencies.count());
        assertEquals(0, latencies.maxUs());
    }

    @Test
    void shouldBeZeroWhenEmpty() {
        latencies.record(5_000);
        latencies.reset();
        assertEquals(0, latencies.count());
        assertEquals(0, latencies.meanUs());
        assertEquals(0, latencies.percentileUs(99));
    }
}
