package io.penstock.perf.policies;

import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.perf.Figures;
import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Moves;
import io.penstock.perf.policies.scenario.Outcome;
import io.penstock.perf.policies.scenario.Scenario;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes figures of outcomes, and holds those of our policies against what is promised. */
final class Promises {
    /** These look at how backends do, and so spare the slow one. */
    private static final List<String> ATTENTIVE = List.of("least-connections", "two-choices", "least-time", "adaptive");

    private static final List<String> BLIND = List.of("round-robin", "random");

    /** Three quarters of its even share. */
    private static final double SLOW_SHARE_MAX_PERCENT = 0.75 * 100 / Scenario.BACKENDS;

    private static final double NEEDLESS_MAX_PERCENT = 1;
    private static final double P99_RATIO_MAX = 0.8;

    /** A few thousand requests, on a machine that does other things too. */
    private static final double LOOPBACK_P99_RATIO_MAX = 1;

    /** A connection may just have come into the queue of a listener that is being closed. */
    private static final double LOOPBACK_FAILURES_MAX_PERCENT = 0.1;

    /** What a policy may add to chance. */
    private static final double OWN_VARIATION_MAX_PERCENT = 1;

    /** The 4,096 virtual nodes of each backend are thrown too: 1.6 % is to be expected. */
    private static final double RING_VARIATION_MAX_PERCENT = 4;

    /** A peak keeps a backend in the shade for some ten seconds, longer than the run on loopback. */
    private static final double TIMED_VARIATION_MAX_PERCENT = 10;

    private static final int STANDARD_DEVIATIONS = 2;

    private final Figures figures;

    Promises(Figures figures) {
        this.figures = figures;
    }

    /**
     * All of ours are there.
     *
     * @param differing policies whose second run differed from the first
     */
    void judgeSimulation(Map<String, Outcome> outcomes, long differing) {
        for (Contestant contestant : Contestant.all()) {
            Outcome outcome = outcomes.get(contestant.name());
            String prefix = "simulation." + contestant.name() + ".";
            judge(prefix, contestant, outcome, true);
            figures.exactly(prefix + "failures", 100 * outcome.failureShare(), "%", 0);
        }
        judgeTails("simulation.", outcomes, P99_RATIO_MAX, true);
        figures.exactly("simulation.differing-when-repeated", (double) differing, "policies", 0);
    }

    /**
     * One of ours that is not there has failed. What others did is reported.
     *
     * @param longEnough for promises about the slow backend and about times
     */
    void judgeLoopback(Map<String, Outcome> outcomes, boolean longEnough) {
        Map<String, Outcome> others = new LinkedHashMap<>(outcomes);
        for (Contestant contestant : Contestant.all()) {
            Outcome outcome = others.remove(contestant.name());
            String prefix = "loopback." + contestant.name() + ".";
            if (outcome == null) {
                figures.exactly(prefix + "failures", 100, "%", 0);
            } else {
                judge(prefix, contestant, outcome, longEnough);
                figures.atMost(prefix + "failures", 100 * outcome.failureShare(), "%", LOOPBACK_FAILURES_MAX_PERCENT);
            }
        }
        others.forEach((name, outcome) -> report("loopback." + name.replace(' ', '-') + ".", outcome));
        judgeTails("loopback.", outcomes, LOOPBACK_P99_RATIO_MAX, longEnough);
    }

    private void judge(String prefix, Contestant contestant, Outcome outcome, boolean longEnough) {
        reportTimes(prefix, outcome);
        for (int backend = 0; backend < Scenario.BACKENDS; backend++) {
            String name = prefix + "share." + Scenario.id(backend);
            double percent = 100 * outcome.share(backend);
            if (longEnough && backend == Scenario.SLOW && ATTENTIVE.contains(contestant.name())) {
                figures.atMost(name, percent, "%", SLOW_SHARE_MAX_PERCENT);
            } else {
                figures.report(name, percent, "%");
            }
        }
        figures.atMost(prefix + "variation", 100 * outcome.variation(), "%", variationMaxPercent(contestant, outcome));
        judgeMoves(prefix, contestant, outcome.moves());
    }

    private void judgeMoves(String prefix, Contestant contestant, Moves moves) {
        String name = prefix + "moved-needlessly";
        double needless = 100 * moves.needlessShare();
        if (!contestant.isConsistent()) {
            figures.report(name, needless, "%");
        } else if (contestant.is(PolicyKind.RING_HASH)) {
            figures.exactly(name, needless, "%", 0);
        } else {
            figures.atMost(name, needless, "%", NEEDLESS_MAX_PERCENT);
        }
        figures.report(prefix + "moved-unavoidably", 100 * moves.unavoidableShare(), "%");
    }

    private void report(String prefix, Outcome outcome) {
        reportTimes(prefix, outcome);
        for (int backend = 0; backend < Scenario.BACKENDS; backend++) {
            figures.report(prefix + "share." + Scenario.id(backend), 100 * outcome.share(backend), "%");
        }
        figures.report(prefix + "variation", 100 * outcome.variation(), "%")
                .report(prefix + "moved-needlessly", 100 * outcome.moves().needlessShare(), "%")
                .report(prefix + "moved-unavoidably", 100 * outcome.moves().unavoidableShare(), "%")
                .report(prefix + "failures", 100 * outcome.failureShare(), "%");
    }

    private void reportTimes(String prefix, Outcome outcome) {
        figures.report(prefix + "p50", outcome.p50Ms(), "ms").report(prefix + "p99", outcome.p99Ms(), "ms");
        if (outcome.lagP99Ms() > 0) {
            figures.report(prefix + "lag-p99", outcome.lagP99Ms(), "ms");
        }
    }

    /**
     * What chance alone may do, and a little. Things thrown at n backends differ in number by a standard deviation of
     * sqrt((n - 1) / things) of the mean; what is thrown are requests, or all requests of one source at once.
     */
    private static double variationMaxPercent(Contestant contestant, Outcome outcome) {
        double chance = Math.sqrt((Scenario.BACKENDS - 1) / contestant.sources())
                + Math.sqrt((Scenario.BACKENDS - 1) / (double) outcome.answered());
        double own = OWN_VARIATION_MAX_PERCENT;
        if (contestant.is(PolicyKind.RING_HASH)) {
            own = RING_VARIATION_MAX_PERCENT;
        } else if (contestant.is(PolicyKind.LEAST_TIME)) {
            own = TIMED_VARIATION_MAX_PERCENT;
        }
        return own + 100 * STANDARD_DEVIATIONS * chance;
    }

    private void judgeTails(String prefix, Map<String, Outcome> outcomes, double max, boolean promised) {
        for (String attentive : ATTENTIVE) {
            for (String blind : BLIND) {
                if (outcomes.containsKey(attentive) && outcomes.containsKey(blind)) {
                    String name = prefix + "p99." + attentive + "." + blind;
                    double ratio = outcomes.get(attentive).p99Ms()
                            / outcomes.get(blind).p99Ms();
                    if (promised) {
                        figures.atMost(name, ratio, "ratio", max);
                    } else {
                        figures.report(name, ratio, "ratio");
                    }
                }
            }
        }
    }
}
