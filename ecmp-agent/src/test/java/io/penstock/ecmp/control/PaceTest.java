package io.penstock.ecmp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long MS = 1_000_000;
    private static final long START = 5_000 * MS;

    private final Pace pace = new Pace();

    @Test
    void shouldLookAtOnceAtFirst() {
        assertTrue(pace.nextNs(NEVER) <= START);
    }

    @Test
    void shouldLookAgainAfterWhileThoughNothingWasTold() {
        pace.looked(START, START + MS);
        assertEquals(START + MS + Pace.RESYNC_NS, pace.nextNs(NEVER));
        assertTrue(pace.isResync(NEVER));
    }

    @Test
    void shouldPauseAfterLookHoweverMuchIsTold() {
        pace.looked(START, START + MS / 10);
        pace.want();
        assertEquals(START + MS / 10 + Pace.MIN_PAUSE_NS, pace.nextNs(NEVER));
        pace.looked(START, START + 30 * MS);
        pace.want();
        assertEquals(START + 90 * MS, pace.nextNs(NEVER), "a third of the time at most");
    }

    @Test
    void shouldLookWhenItIsDueForAnotherReason() {
        pace.looked(START, START + MS);
        assertEquals(START + 500 * MS, pace.nextNs(START + 500 * MS));
        assertFalse(pace.isResync(START + 500 * MS));
        assertEquals(START + MS + Pace.MIN_PAUSE_NS, pace.nextNs(Long.MIN_VALUE), "also then not without a pause");
    }

    @Test
    void shouldNotPauseWhenSomebodyWaits() {
        pace.looked(START, START + MS);
        pace.demand();
        assertTrue(pace.nextNs(NEVER) <= START + MS);
    }

    @Test
    void shouldTryAgainLaterWhenKernelGaveNoAnswer() {
        pace.looked(START, START + MS);
        pace.failed(START + 10 * MS);
        assertEquals(START + 10 * MS + Pace.RETRY_NS, pace.nextNs(Long.MIN_VALUE));
    }
}
