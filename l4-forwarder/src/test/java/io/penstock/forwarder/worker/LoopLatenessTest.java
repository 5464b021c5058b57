package io.penstock.forwarder.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.metrics.BucketCounts;
import org.junit.jupiter.api.Test;

class LoopLatenessTest {
    private static final long MILLI_NS = 1_000_000;

    private final LoopLateness lateness = new LoopLateness(0);

    private void assertRecorded(long count, long sumNs) {
        BucketCounts counts = new BucketCounts(LoopLateness.SCALE);
        lateness.recorder().addTo(counts, 0);
        assertEquals(count, counts.count());
        assertEquals(sumNs / 1e9, counts.sum());
    }

    @Test
    void shouldRecordHowLongTurnsAre() {
        lateness.onWait(-1, 0);
        lateness.onTurn(1, 100);
        assertRecorded(0, 0);
        lateness.onWait(-1, 5_100);
        assertRecorded(1, 5_000);
        lateness.onTurn(1, 1_000_000);
        lateness.onWait(-1, 1_000_700);
        assertRecorded(2, 5_700);
    }

    @Test
    void shouldRecordHowLateAWaitEnds() {
        lateness.onWait(2 * MILLI_NS - 1, 0);
        lateness.onTurn(0, 5 * MILLI_NS);
        assertRecorded(1, 3 * MILLI_NS);
    }

    @Test
    void shouldTakeAWaitForAsLongAsEpollDoes() {
        lateness.onWait(MILLI_NS + 1, 0);
        lateness.onTurn(0, 2 * MILLI_NS);
        assertRecorded(1, 0);
    }

    @Test
    void shouldNotCallAWaitLateThatAnEventOrASignalEnded() {
        lateness.onWait(2 * MILLI_NS, 0);
        lateness.onTurn(1, 5 * MILLI_NS);
        lateness.onWait(2 * MILLI_NS, 5 * MILLI_NS);
        lateness.onTurn(0, 6 * MILLI_NS);
        lateness.onWait(-1, 6 * MILLI_NS);
        lateness.onTurn(0, 600 * MILLI_NS);
        lateness.onWait(0, 600 * MILLI_NS);
        lateness.onTurn(0, 600 * MILLI_NS);
        assertRecorded(3, 0);
    }
}
