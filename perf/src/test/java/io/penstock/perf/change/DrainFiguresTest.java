package io.penstock.perf.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class DrainFiguresTest {
    private static final int COUNT = 1_000;

    /** 500 a second. */
    private static final long GAP_NS = 2_000_000;

    @Test
    void shouldFindTheRateOfAnEvenPace() {
        DrainFigures figures = DrainFigures.of(ascending(1, 0), ascending(GAP_NS, 0));
        assertEquals(500, figures.perSecond(), 0.001);
        assertEquals(COUNT, figures.count());
    }

    @Test
    void shouldNotLookAtTheFirstAndTheLastTenth() {
        long[] ended = ascending(GAP_NS, 0);
        Arrays.fill(ended, 0, COUNT / 10, 0);
        Arrays.fill(ended, COUNT - COUNT / 10, COUNT, Long.MAX_VALUE / 2);
        assertEquals(500, DrainFigures.of(ascending(1, 0), ended).perSecond(), 0.001);
    }

    @Test
    void shouldSeeAPauseInTheMiddle() {
        long[] ended = ascending(GAP_NS, 0);
        for (int i = COUNT / 2; i < COUNT; i++) {
            ended[i] += 1_600_000_000L;
        }
        assertEquals(250, DrainFigures.of(ascending(1, 0), ended).perSecond(), 1);
    }

    @Test
    void shouldFindOldestFirst() {
        DrainFigures figures = DrainFigures.of(ascending(7, -5_000), ascending(GAP_NS, 0));
        assertEquals(1, figures.rankCorrelation());
        assertEquals(0, figures.displacementMax());
    }

    @Test
    void shouldFindYoungestFirst() {
        DrainFigures figures = DrainFigures.of(ascending(-7, 100_000), ascending(GAP_NS, 0));
        assertEquals(-1, figures.rankCorrelation(), 1e-9);
        assertEquals(COUNT - 1, figures.displacementMax());
    }

    @Test
    void shouldHardlyMindNeighboursThatChangedPlaces() {
        long[] opened = ascending(1, 0);
        for (int i = 0; i < COUNT; i += 2) {
            opened[i] = i + 1L;
            opened[i + 1] = i;
        }
        DrainFigures figures = DrainFigures.of(opened, ascending(GAP_NS, 0));
        assertEquals(1, figures.displacementMax());
        assertTrue(figures.rankCorrelation() > 0.99999 && figures.rankCorrelation() < 1);
    }

    @Test
    void shouldMindOneWorkerAfterTheOther() {
        // The older and the younger half were mixed while opening, and are ended one half after the other.
        long[] opened = new long[COUNT];
        for (int i = 0; i < COUNT / 2; i++) {
            opened[i] = 2L * i;
            opened[COUNT / 2 + i] = 2L * i + 1;
        }
        assertTrue(DrainFigures.of(opened, ascending(GAP_NS, 0)).rankCorrelation() < 0.6);
    }

    @Test
    void shouldWantEnoughToSpeakOfAMiddle() {
        assertThrows(IllegalArgumentException.class, () -> DrainFigures.of(new long[9], new long[9]));
        assertThrows(IllegalArgumentException.class, () -> DrainFigures.of(new long[20], new long[21]));
    }

    private static long[] ascending(long step, long first) {
        long[] values = new long[COUNT];
        Arrays.setAll(values, i -> first + i * step);
        return values;
    }
}
