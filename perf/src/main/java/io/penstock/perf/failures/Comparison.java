package io.penstock.perf.failures;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Series;
import java.util.ArrayList;
import java.util.List;

/**
 * One failure at one of the settings, ours and theirs.
 *
 * @param ours of each round
 * @param theirs of each round
 */
record Comparison(Failure failure, Settings settings, List<Observation> ours, List<Observation> theirs) {
    Comparison {
        ours = List.copyOf(ours);
        theirs = List.copyOf(theirs);
    }

    /** The median of the rounds; NaN when in most of them it never came. */
    double ours(Measure measure) {
        return median(ours, measure);
    }

    double theirs(Measure measure) {
        return median(theirs, measure);
    }

    /** What we are worse at, beyond chance. */
    List<Measure> worse() {
        List<Measure> worse = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            if (isCompared(measure) && !(excess(measure) <= measure.slack(theirs(measure), settings))) {
                worse.add(measure);
            }
        }
        return worse;
    }

    /** Plain figures of both; then, for what is promised, how much more ours is. */
    void report(Figures figures) {
        String prefix = failure.label() + "." + settings.label() + ".";
        for (Measure measure : Measure.values()) {
            report(figures, prefix + Balancer.Kind.PENSTOCK.label() + ".", measure, ours(measure));
            report(figures, prefix + Balancer.Kind.HAPROXY.label() + ".", measure, theirs(measure));
        }
        for (Measure measure : Measure.values()) {
            if (!isCompared(measure)) {
                continue;
            }
            String name = prefix + measure.label();
            if (Double.isNaN(excess(measure))) {
                figures.exactly(name + ".seen", 0, "", 1);
            } else {
                figures.atMost(
                        name, excess(measure), measure.unit() + " more", measure.slack(theirs(measure), settings));
            }
        }
    }

    /** JSON has no number for what never came: then there is no row. */
    private static void report(Figures figures, String prefix, Measure measure, double value) {
        if (Double.isFinite(value)) {
            figures.report(prefix + measure.label(), value, measure.unit());
        }
    }

    /** Ours less theirs; NaN when ours never came, and theirs did. */
    private double excess(Measure measure) {
        return ours(measure) - theirs(measure);
    }

    /** What never came at theirs is no mark to reach; and a backend that was never out is back at once. */
    private boolean isCompared(Measure measure) {
        if (!measure.isPromised() || Double.isNaN(theirs(measure))) {
            return false;
        }
        boolean bothOut = Double.isFinite(ours(Measure.OUT)) && Double.isFinite(theirs(Measure.OUT));
        return measure != Measure.BACK || bothOut;
    }

    private static double median(List<Observation> rounds, Measure measure) {
        return new Series(rounds.stream().map(measure::of).toList()).median();
    }
}
