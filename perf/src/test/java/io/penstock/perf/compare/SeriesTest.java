package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SeriesTest {
    private static final double EXACT = 0;

    @Test
    void shouldTakeTheMiddleValueWhenTheNumberOfRoundsIsOdd() {
        Series series = new Series(List.of(9.0, 1.0, 5.0));
        assertEquals(5, series.median(), EXACT);
        assertEquals(1, series.min(), EXACT);
        assertEquals(9, series.max(), EXACT);
    }

    @Test
    void shouldTakeTheMeanOfTheMiddleTwoWhenTheNumberOfRoundsIsEven() {
        assertEquals(3, new Series(List.of(10.0, 4.0, 1.0, 2.0)).median(), EXACT);
    }

    @Test
    void shouldTakeTheMedianOfRatiosAndNotTheRatioOfMedians() {
        // A disturbed round slowed both: the ratio of medians would be 1.5.
        Series ours = new Series(List.of(10.0, 30.0, 100.0));
        Series theirs = new Series(List.of(10.0, 20.0, 100.0));
        assertEquals(1, Series.ratios(ours, theirs).median(), EXACT);
    }

    @Test
    void shouldNotCallASeriesMeasuredWhenARoundIsMissing() {
        assertFalse(new Series(List.of(1.0, Double.NaN)).isMeasured());
    }

    @Test
    void shouldRefuseRatiosOfDifferentRounds() {
        Series one = new Series(List.of(1.0));
        Series two = new Series(List.of(1.0, 2.0));
        assertThrows(IllegalArgumentException.class, () -> Series.ratios(one, two));
    }
}
