package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ArrivalScheduleTest {
    private static final int ARRIVALS = 100_000;
    private static final double PER_SECOND = 20_000;
    private static final double MEAN_GAP_NS = 1e9 / PER_SECOND;

    @Test
    void shouldKeepTheRateInTheLongRun() {
        long[] times = times(PER_SECOND);
        assertEquals(ARRIVALS * MEAN_GAP_NS, (double) times[ARRIVALS - 1], 0.01 * ARRIVALS * MEAN_GAP_NS);
    }

    @Test
    void shouldNeverGoBack() {
        long[] times = times(PER_SECOND);
        for (int i = 1; i < ARRIVALS; i++) {
            assertTrue(times[i] >= times[i - 1], "arrival " + i);
        }
    }

    /** The gaps of a Poisson process are exponential: 1 - 1/e of them are shorter than their mean, e^-3 over three times. */
    @Test
    void shouldArriveLikeAPoissonProcess() {
        long[] times = times(PER_SECOND);
        int shorter = 0;
        int long3 = 0;
        for (int i = 1; i < ARRIVALS; i++) {
            long gap = times[i] - times[i - 1];
            shorter += gap < MEAN_GAP_NS ? 1 : 0;
            long3 += gap > 3 * MEAN_GAP_NS ? 1 : 0;
        }
        assertEquals(1 - Math.exp(-1), shorter / (double) ARRIVALS, 0.01);
        assertEquals(Math.exp(-3), long3 / (double) ARRIVALS, 0.005);
    }

    @Test
    void shouldBeTheSameForEveryTarget() {
        assertArrayEquals(times(PER_SECOND), times(PER_SECOND));
    }

    @Test
    void shouldRefuseARateThatIsNone() {
        assertThrows(IllegalArgumentException.class, () -> new ArrivalSchedule(0));
        assertThrows(IllegalArgumentException.class, () -> new ArrivalSchedule(Double.NaN));
    }

    private static long[] times(double perSecond) {
        ArrivalSchedule schedule = new ArrivalSchedule(perSecond);
        long[] times = new long[ARRIVALS];
        for (int i = 0; i < ARRIVALS; i++) {
            times[i] = schedule.nextNs();
        }
        return times;
    }
}
