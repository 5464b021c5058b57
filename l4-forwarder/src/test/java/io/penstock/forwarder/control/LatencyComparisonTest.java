package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyComparisonTest {
    private static final double MS = 1_000_000;

    /** What a configuration would say: 3 standard scores. */
    private static final double THRESHOLD = 3;

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 100})
    void shouldFindTheOneThatIsSlow(int members) {
        for (int slow = 0; slow < members; slow++) {
            double[] means = means(members, 1_000, slow, 4, new Random(slow));
            double[] scores = LatencyComparison.scores(means, samples(members, 1_000));
            for (int i = 0; i < members; i++) {
                assertEquals(i == slow, scores[i] >= THRESHOLD, i + " of " + Arrays.toString(scores));
            }
        }
    }

    /** Of a minority that is slow each is found, although the others of it are among those it is held against. */
    @Test
    void shouldFindAMinorityThatIsSlow() {
        double[] means = {10 * MS, 40 * MS, 11 * MS, 9 * MS, 42 * MS, 10 * MS, 39 * MS, 10 * MS};
        double[] scores = LatencyComparison.scores(means, samples(8, 100));
        for (int i = 0; i < means.length; i++) {
            assertEquals(means[i] > 30 * MS, scores[i] >= THRESHOLD);
        }
    }

    /**
     * Equal servers whose response times are spread as widely as an exponential distribution. Of few samples one interval
     * in a thousand scores an innocent above 3, so the detector asks for two in a row; above 4, so that no build fails for
     * bad luck, hardly any does.
     */
    @Property(tries = 300)
    void shouldFindNobodyAmongEquals(
            @ForAll long seed,
            @ForAll @IntRange(min = 3, max = 100) int members,
            @ForAll @IntRange(min = 20, max = 2_000) int samples) {
        Random random = new Random(seed);
        double[] first = LatencyComparison.scores(means(members, samples, -1, 1, random), samples(members, samples));
        double[] second = LatencyComparison.scores(means(members, samples, -1, 1, random), samples(members, samples));
        for (int i = 0; i < members; i++) {
            assertTrue(Math.min(first[i], second[i]) < THRESHOLD + 1, "scores " + first[i] + " and " + second[i]);
        }
    }

    @Test
    void shouldNotMindDifferencesBelowAMillisecond() {
        double[] means = {0.1 * MS, 0.1 * MS, 0.1 * MS, 1.09 * MS};
        assertEquals(0, LatencyComparison.scores(means, samples(4, 1_000))[3]);
        means[3] = 1.2 * MS;
        assertTrue(LatencyComparison.scores(means, samples(4, 1_000))[3] >= THRESHOLD);
    }

    @Test
    void shouldNotBeSureOfAMeanOfFew() {
        double[] means = {10 * MS, 10 * MS, 10 * MS, 20 * MS};
        long[] samples = samples(4, 1_000);
        assertEquals(
                4, LatencyComparison.scores(means, samples)[3], 1e-9, "10 ms above, in units of a quarter of 10 ms");
        samples[3] = 4;
        assertEquals(2, LatencyComparison.scores(means, samples)[3], 1e-9, "a half of 10 ms is its standard error");
    }

    @Test
    void shouldJudgeNobodyOfTwo() {
        double[] means = {MS, 100 * MS};
        assertEquals(0, LatencyComparison.scores(means, samples(2, 1_000))[1]);
        assertEquals(0, LatencyComparison.scores(new double[0], new long[0]).length);
    }

    @Test
    void shouldNotCallTheFastOneAnOutlier() {
        double[] means = {100 * MS, 100 * MS, MS, 100 * MS};
        assertEquals(
                0,
                Arrays.stream(LatencyComparison.scores(means, samples(4, 1_000)))
                        .max()
                        .orElseThrow());
    }

    @Test
    void shouldScoreMembersWithEqualMeansAlike() {
        double[] means = {10 * MS, 50 * MS, 10 * MS, 50 * MS, 10 * MS};
        double[] scores = LatencyComparison.scores(means, samples(5, 1_000));
        assertEquals(scores[1], scores[3]);
    }

    /** The mean of so many exponential response times of 10 ms; of one member several times as long. */
    private static double[] means(int members, int samples, int slow, double factor, Random random) {
        double[] means = new double[members];
        for (int i = 0; i < members; i++) {
            double sum = 0;
            for (int sample = 0; sample < samples; sample++) {
                sum -= 10 * MS * Math.log(1 - random.nextDouble());
            }
            means[i] = sum / samples * (i == slow ? factor : 1);
        }
        return means;
    }

    private static long[] samples(int members, long each) {
        long[] samples = new long[members];
        Arrays.fill(samples, each);
        return samples;
    }
}
