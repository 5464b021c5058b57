package io.penstock.perf.change;

import io.penstock.net.IpAddress;
import io.penstock.perf.change.balancers.Forwarder;
import io.penstock.perf.change.clients.Flood;
import io.penstock.perf.change.clients.NewConnections;
import io.penstock.perf.compare.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** One source opens connections as fast as it can while others work; with limits for each source, and without. */
final class SourceFlood implements Scenario {
    private static final int SOURCES = 20;

    /** New connections a second of all good sources: a few dozen for each. */
    private static final double RATE = 1_000;

    private static final int ATTACKER = 200;

    /** Under the flood beside quiet. */
    private static final double P99_RATIO_MAX = 2;

    private static final String LIMITS = "    limits: { per-source: { connections: 50, rate: 200/s, burst: 200 } }\n";

    /** Medians of the rounds, and what there was in all of them. */
    private record Result(
            double quietP99Us,
            double floodedP99Us,
            double ratio,
            double lagP99Us,
            double attacksPerSecond,
            int refused,
            int served,
            int failed,
            String reasons) {}

    @Override
    public List<Findings> run(Rig rig) throws IOException, InterruptedException {
        return List.of(table(measure(rig, LIMITS, "with limits"), measure(rig, "", "without limits")));
    }

    private static Result measure(Rig rig, String limits, String about) throws IOException, InterruptedException {
        try (Stage stage = new Stage();
                Forwarder forwarder =
                        Forwarder.start(rig.launcher(), rig.newDirectory(), rig.cores(), yaml(stage, limits))) {
            // For the compilers of both sides.
            good(stage, rig.lengths().floodSeconds());
            List<Double> quiet = new ArrayList<>();
            List<Double> flooded = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            List<Double> lags = new ArrayList<>();
            List<Double> attacks = new ArrayList<>();
            int refused = 0;
            int served = 0;
            int failed = 0;
            String reasons = "";
            for (int round = 1; round <= rig.lengths().floodRounds(); round++) {
                rig.progress().accept("attack: one source, " + about + ", round " + round);
                NewConnections.Seen before = good(stage, rig.lengths().floodSeconds());
                Flood flood = stage.begin(events -> new Flood(events, stage.target(), Rig.source(ATTACKER)));
                NewConnections.Seen during = good(stage, rig.lengths().floodSeconds());
                attacks.add(stage.loop().call(flood::perSecond));
                refused += stage.loop().call(flood::refused);
                stage.loop().end(flood);
                quiet.add(before.p99Us());
                flooded.add(during.p99Us());
                ratios.add(during.p99Us() / before.p99Us());
                lags.add(during.lagP99Us());
                served += before.served() + during.served();
                failed += before.failed() + during.failed();
                reasons = during.reasons();
            }
            forwarder.requireAlive();
            return new Result(
                    median(quiet),
                    median(flooded),
                    median(ratios),
                    median(lags),
                    median(attacks),
                    refused,
                    served,
                    failed,
                    reasons);
        }
    }

    private static double median(List<Double> rounds) {
        return new Series(rounds).median();
    }

    private static NewConnections.Seen good(Stage stage, int seconds) throws IOException, InterruptedException {
        List<IpAddress> sources =
                IntStream.rangeClosed(1, SOURCES).mapToObj(Rig::source).toList();
        NewConnections good = stage.begin(events -> NewConnections.atRate(events, stage.target(), sources, RATE));
        TimeUnit.SECONDS.sleep(seconds);
        return stage.finish(good);
    }

    private static Findings table(Result limited, Result open) {
        return new Findings(
                        "attack.flood",
                        "One source opens connections as fast as it can, while %d others make %,.0f a second"
                                .formatted(SOURCES, RATE),
                        List.of("limits", "no-limits"))
                .report("p99 in quiet", "quiet-p99", "us", limited.quietP99Us, open.quietP99Us)
                .report("p99 under the flood", "flooded-p99", "us", limited.floodedP99Us, open.floodedP99Us)
                .atMost(P99_RATIO_MAX, "of that in quiet", "p99-ratio", "x", limited.ratio, open.ratio)
                .report("clients late, p99", "lag-p99", "us", limited.lagP99Us, open.lagP99Us)
                .report("served", "served", "", limited.served, open.served)
                .exactly(0, "failed", "failed", "", limited.failed, open.failed)
                .report(
                        "attacker's connects a second",
                        "attacks",
                        "1/s",
                        limited.attacksPerSecond,
                        open.attacksPerSecond)
                .report("of them refused", "attacks-refused", "", limited.refused, open.refused)
                .note("Failed with limits", limited.reasons)
                .note("Failed without limits", open.reasons);
    }

    private static String yaml(Stage stage, String limits) {
        return """
                workers: 1
                services:
                  attacked:
                    listen: "%s"
                    pool: attacked
                %spools:
                  attacked: { balance: { policy: round-robin }, health: none, backends: ["%s", "%s"] }
                """.formatted(stage.target(), limits, stage.backend(0), stage.backend(1));
    }
}
