package io.penstock.perf.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AdditionTest {
    @Test
    void shouldBeTheMedianOfAllMeansOfTwo() {
        // Means: 1, 1.5, 2, 3.5, 2, 2.5, 4, 3, 4.5, 6.
        assertEquals(2.75, Addition.of(List.of(1.0, 2.0, 3.0, 6.0)).value(), 1e-9);
    }

    @Test
    void shouldReachAsFarAsWilcoxonsTableSays() {
        // Of 10 differences 8 means of two are outside on each side (two-sided, 5 %).
        List<Double> differences = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            differences.add(Math.pow(2, i));
        }
        Addition addition = Addition.of(differences);
        List<Double> means = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            for (int j = i; j < 10; j++) {
                means.add((differences.get(i) + differences.get(j)) / 2);
            }
        }
        Collections.sort(means);
        assertEquals(means.get(8), addition.low());
        assertEquals(means.get(55 - 1 - 8), addition.high());
    }

    @Test
    void shouldNotMoveMuchWhenAFewTurnsAreDisturbed() {
        List<Double> differences = new ArrayList<>(Collections.nCopies(20, 5.0));
        differences.addAll(List.of(-4_000.0, 9_000.0, 80_000.0));
        Addition addition = Addition.of(differences);
        assertEquals(5, addition.value());
        assertTrue(addition.isMeasurable(), addition.toString());
    }

    @Test
    void shouldNotBeMeasurableWhenItMayBeNothingOrLess() {
        assertFalse(Addition.of(Collections.nCopies(20, -170.0)).isMeasurable());
        assertFalse(Addition.of(Collections.nCopies(20, 0.0)).isMeasurable());
        assertFalse(Addition.of(List.of(9.0, -8.0, 10.0, -7.0, 12.0, -9.0, 8.0, -3.0, 3.0, -2.0))
                .isMeasurable());
    }

    @Test
    void shouldNotBeMeasurableWithTooFewTurns() {
        assertFalse(Addition.of(Collections.nCopies(5, 100.0)).isMeasurable());
        assertTrue(Addition.of(Collections.nCopies(6, 100.0)).isMeasurable());
        assertEquals(100, Addition.of(Collections.nCopies(5, 100.0)).value());
        assertEquals(0, Addition.of(List.of()).value());
    }

    @Test
    void shouldSeldomSeeWhatIsNotThere() {
        SplittableRandom random = new SplittableRandom(1);
        int seen = 0;
        for (int i = 0; i < 2_000; i++) {
            List<Double> noise = new ArrayList<>();
            for (int j = 0; j < 36; j++) {
                noise.add(random.nextDouble(-300, 300));
            }
            seen += Addition.of(noise).isMeasurable() ? 1 : 0;
        }
        // 2.5 % of them are beyond on this side.
        assertEquals(50, seen, 25);
    }

    @Test
    void shouldHaveNoShareWhenEitherIsNotMeasurable() {
        Addition some = Addition.of(Collections.nCopies(10, 3.0));
        Addition more = Addition.of(Collections.nCopies(10, 6.0));
        Addition none = Addition.of(Collections.nCopies(10, -6.0));
        assertEquals(0.5, some.shareOf(more));
        assertEquals(Double.NaN, some.shareOf(none));
        assertEquals(Double.NaN, none.shareOf(some));
        assertEquals(Double.NaN, none.shareOf(none));
    }
}
