package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Balancer;
import io.penstock.perf.change.clients.Failures;
import io.penstock.perf.change.clients.LongConnections;
import io.penstock.perf.change.clients.NewConnections;
import io.penstock.perf.compare.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One process after the other takes over, under new connections and long ones; ours and then HAProxy. */
final class HandOverScenario implements Scenario {
    /** Offered; promised is that as many as {@link #PROMISED_RATE} are served. */
    private static final double RATE = 2_500;

    private static final double PROMISED_RATE = 2_000;

    /** From one that is complete to the next. */
    private static final long PAUSE_MS = 1_000;

    /** Long connections that each new process gets, so that it has to stay when it is replaced in turn. */
    private static final int PER_PROCESS = 10;

    /** Longer than the run: no connection has to end. */
    private static final String DRAIN_TIMEOUT = "10m";

    /** What came of one balancer. */
    private record Result(
            NewConnections.Seen fresh,
            LongConnections.Group first,
            LongConnections.Group later,
            Series handOverMs,
            int processes) {
        int count() {
            return handOverMs.values().size();
        }

        int longs() {
            return first.opened() + later.opened();
        }

        int exchanges() {
            return first.exchanges() + later.exchanges();
        }

        int broken() {
            return breaks().count();
        }

        private Failures breaks() {
            return first.breaks().and(first.refusals()).and(later.breaks()).and(later.refusals());
        }
    }

    @Override
    public List<Findings> run(Rig rig) throws IOException, InterruptedException {
        Result ours = measure(rig, BalancerStarter.penstock(rig, DRAIN_TIMEOUT, true));
        Result theirs = measure(rig, BalancerStarter.haproxy(rig, DRAIN_TIMEOUT));
        return List.of(table(rig.lengths().handOvers(), ours, theirs));
    }

    private static Result measure(Rig rig, BalancerStarter starter) throws IOException, InterruptedException {
        try (Stage stage = new Stage();
                Balancer balancer = starter.start(stage.history().site())) {
            Crowd crowd = new Crowd(stage, RATE);
            LongConnections.Group later = new LongConnections.Group(true);
            List<Double> handOverMs = new ArrayList<>();
            for (int i = 1; i <= rig.lengths().handOvers(); i++) {
                rig.progress()
                        .accept("hand-over: " + balancer.label() + ", " + i + " of "
                                + rig.lengths().handOvers());
                long startNs = System.nanoTime();
                balancer.handOver();
                handOverMs.add((System.nanoTime() - startNs) / 1e6);
                crowd.openLong(later, stage.target(), PER_PROCESS);
                Thread.sleep(PAUSE_MS);
            }
            int processes = balancer.pids().size();
            NewConnections.Seen fresh = crowd.leave();
            return new Result(fresh, crowd.steady(), later, new Series(handOverMs), processes);
        }
    }

    private static Findings table(int handOvers, Result ours, Result theirs) {
        return new Findings(
                        "hand-over",
                        "%d hand-overs in a row, under %,.0f new connections a second and 200 long ones"
                                .formatted(handOvers, RATE),
                        List.of("penstock", "haproxy"))
                .exactly(handOvers, "hand-overs", "complete", "", ours.count(), theirs.count())
                .report("one, median", "time", "ms", ours.handOverMs.median(), theirs.handOverMs.median())
                .report("one, longest", "time-max", "ms", ours.handOverMs.max(), theirs.handOverMs.max())
                .report("new connections", "new", "", ours.fresh.offered(), theirs.fresh.offered())
                .atLeast(
                        PROMISED_RATE,
                        "served a second",
                        "rate",
                        "1/s",
                        ours.fresh.perSecond(),
                        theirs.fresh.perSecond())
                .exactly(0, "failed", "new-failed", "", ours.fresh.failed(), theirs.fresh.failed())
                .report("p99", "new-p99", "us", ours.fresh.p99Us(), theirs.fresh.p99Us())
                .report("longest", "new-max", "us", ours.fresh.maxUs(), theirs.fresh.maxUs())
                .report("clients late, p99", "lag-p99", "us", ours.fresh.lagP99Us(), theirs.fresh.lagP99Us())
                .report("long connections", "long", "", ours.longs(), theirs.longs())
                .report("exchanges", "exchanges", "", ours.exchanges(), theirs.exchanges())
                .exactly(0, "broken or refused", "long-broken", "", ours.broken(), theirs.broken())
                .report("processes at the end", "processes", "", ours.processes, theirs.processes)
                .note("New connections failed with us", ours.fresh.reasons())
                .note("New connections failed with HAProxy", theirs.fresh.reasons())
                .note("Long connections broke with us", ours.breaks().toString())
                .note("Long connections broke with HAProxy", theirs.breaks().toString());
    }
}
