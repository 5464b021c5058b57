package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.Figures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static final double NEVER = Double.NaN;
    private static final Observation USUAL = new Observation(1_000, 900, 400, 40, 20, 700);

    @Test
    void shouldBeContentWithTheSame() {
        assertEquals(List.of(), compare(List.of(USUAL), List.of(USUAL)).worse());
    }

    @Test
    void shouldCompareMediansSoThatOneBadRoundIsNoVerdict() {
        Observation bad = new Observation(4_000, 4_000, 400, 400, 400, 4_000);
        assertEquals(
                List.of(),
                compare(List.of(bad, USUAL, USUAL), List.of(USUAL, USUAL, USUAL))
                        .worse());
        assertEquals(
                List.of(Measure.OUT, Measure.TOUCHED, Measure.FAILED, Measure.FAILED_OR_SLOW, Measure.BACK),
                compare(List.of(bad, bad, USUAL), List.of(USUAL, USUAL, USUAL)).worse());
    }

    @Test
    void shouldAllowWhatIsChanceAndNoMore() {
        assertEquals(List.of(), worse(new Observation(1_100, 1_000, 400, 47, 20, 1_200)));
        assertEquals(List.of(Measure.OUT), worse(new Observation(1_101, 900, 400, 40, 20, 700)));
        assertEquals(List.of(Measure.TOUCHED), worse(new Observation(1_000, 1_001, 400, 40, 20, 700)));
        assertEquals(List.of(Measure.FAILED), worse(new Observation(1_000, 900, 400, 48, 10, 700)));
        assertEquals(List.of(Measure.FAILED_OR_SLOW), worse(new Observation(1_000, 900, 400, 40, 32, 700)));
        assertEquals(List.of(Measure.BACK), worse(new Observation(1_000, 900, 400, 40, 20, 1_201)));
    }

    @Test
    void shouldAllowAnIntervalMoreWhereTheFailureBeginsAnywhereBetweenTwoChecks() {
        Observation later = new Observation(1_600, 1_500, 400, 40, 20, 700);
        assertEquals(List.of(), new Comparison(Failure.KILLED, Settings.TCP, List.of(later), List.of(USUAL)).worse());
        assertEquals(List.of(Measure.OUT, Measure.TOUCHED), worse(later));
    }

    @Test
    void shouldTakeASlowClientForBetterThanAFailedOne() {
        assertEquals(List.of(), worse(new Observation(1_000, 900, 400, 0, 60, 700)));
    }

    @Test
    void shouldBeWorseWhenOnlyTheyTookItOut() {
        assertEquals(List.of(Measure.OUT), worse(new Observation(NEVER, 900, 400, 40, 20, 5)));
    }

    @Test
    void shouldNotCompareReturnsWhenOneNeverTookItOut() {
        Observation neverOut = new Observation(NEVER, 4_000, 800, 200, 0, 5);
        assertEquals(List.of(), compare(List.of(USUAL), List.of(neverOut)).worse());
    }

    @Test
    void shouldBeWorseWhenOnlyTheirsCameBack() {
        assertEquals(List.of(Measure.BACK), worse(new Observation(1_000, 900, 400, 40, 20, NEVER)));
    }

    @Test
    void shouldReportFiguresOfBothAndHowMuchMoreOursAre() {
        Figures figures = new Figures();
        compare(List.of(new Observation(1_050, 900, 400, 60, 0, NEVER)), List.of(USUAL))
                .report(figures);
        assertEquals(1_050, row(figures, "killed.http.penstock.out").value());
        assertEquals(1_000, row(figures, "killed.http.haproxy.out").value());
        assertEquals(
                new Figures.Row("killed.http.out", 50, "ms more", "<= 100", true), row(figures, "killed.http.out"));
        assertFalse(row(figures, "killed.http.failed").ok());
        assertFalse(row(figures, "killed.http.back.seen").ok(), "never is no number");
        assertTrue(figures.rows().stream().allMatch(row -> Double.isFinite(row.value())));
        assertFalse(figures.allOk());
    }

    @Test
    void shouldFindTheSameVerdictInRowsAndInWords() {
        for (Observation ours : Arrays.asList(
                USUAL,
                new Observation(NEVER, 900, 400, 40, 20, 5),
                new Observation(1_000, 900, 400, 40, 32, 700),
                new Observation(900, 900, 400, 48, 20, NEVER))) {
            Figures figures = new Figures();
            Comparison comparison = compare(List.of(ours), List.of(USUAL));
            comparison.report(figures);
            assertEquals(
                    comparison.worse().size(),
                    figures.rows().stream().filter(row -> !row.ok()).count(),
                    comparison.toString());
        }
    }

    private static List<Measure> worse(Observation ours) {
        return compare(List.of(ours), List.of(USUAL)).worse();
    }

    private static Comparison compare(List<Observation> ours, List<Observation> theirs) {
        return new Comparison(Failure.KILLED, Settings.HTTP, ours, theirs);
    }

    private static Figures.Row row(Figures figures, String name) {
        return figures.rows().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row " + name + " in " + figures.rows()));
    }
}
