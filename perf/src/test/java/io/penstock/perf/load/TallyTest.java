package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void shouldForgetTheUnitsOfTheWarmUpButNotItsFailures() {
        tally.onUnit(100);
        tally.latencies().record(7_000);
        tally.onFailure("wrong bytes", 1);
        tally.restart();
        tally.onUnit(64);
        tally.onUnit(64);
        LoadResult result = tally.result(2_000_000_000L);
        assertEquals(2L, result.number("units"));
        assertEquals(128L, result.number("bytes"));
        assertEquals(2.0, result.number("seconds"));
        assertEquals(1L, result.number("failures"));
        assertEquals(0.0, result.number("max_us"));
    }

    @Test
    void shouldCountFailuresByRequestsAndAConnectionThatLostNoneAsOne() {
        tally.onFailure("closed by the peer", 3);
        tally.onFailure("closed by the peer", 0);
        assertEquals(4L, tally.result(1).number("failures"));
    }
}
