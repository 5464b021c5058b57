package io.penstock.perf.policies;

import io.penstock.perf.compare.Numbers;
import io.penstock.perf.compare.TextTable;
import io.penstock.perf.policies.scenario.Outcome;
import io.penstock.perf.policies.scenario.Scenario;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A line per policy. */
final class OutcomeTable {
    private OutcomeTable() {}

    static TextTable of(Map<String, Outcome> outcomes) {
        TextTable table = new TextTable(
                1,
                List.of(
                        "policy",
                        "healthy %",
                        "CV %",
                        "slow %",
                        "flapping %",
                        "p50 ms",
                        "p99 ms",
                        "moved %",
                        "had to move %",
                        "failures"));
        outcomes.forEach((name, outcome) -> table.add(row(name, outcome)));
        return table;
    }

    private static List<String> row(String name, Outcome outcome) {
        return List.of(
                name,
                percent(outcome.leastHealthyShare()) + " - " + percent(outcome.mostHealthyShare()),
                percent(outcome.variation()),
                percent(outcome.share(Scenario.SLOW)),
                percent(outcome.share(Scenario.FLAPPING)),
                Numbers.shortly(outcome.p50Ms()),
                Numbers.shortly(outcome.p99Ms()),
                percent(outcome.moves().needlessShare()),
                percent(outcome.moves().unavoidableShare()),
                Long.toString(outcome.failures()));
    }

    /** One digit says all of a share, and two of one that is next to nothing. */
    private static String percent(double share) {
        double percent = 100 * share;
        return String.format(Locale.ROOT, percent > 0 && percent < 1 ? "%.2f" : "%.1f", percent);
    }
}
