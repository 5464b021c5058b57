package io.penstock.perf.change;

import io.penstock.perf.change.balancers.Balancer;
import io.penstock.perf.change.balancers.Site;
import io.penstock.perf.change.balancers.SiteHistory;
import io.penstock.perf.change.clients.LongConnections;
import io.penstock.perf.change.clients.NewConnections;
import io.penstock.perf.compare.Series;
import io.penstock.perf.rig.ProcessMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Hundreds of changed files, under short and long connections; ours and then HAProxy. */
final class ReloadScenario implements Scenario {
    /** On each listener that is new, from when the file with it is said to be applied; they stay when it goes. */
    private static final int PER_NEW_LISTENER = 2;

    /** Of what the slower of the two can do. */
    private static final double SHARE_OF_CAPACITY = 0.5;

    private static final double BYTES_PER_MIB = 1 << 20;

    /** What came of one balancer. */
    private record Result(
            NewConnections.Seen fresh,
            LongConnections.Group steady,
            LongConnections.Group added,
            Series reloadMs,
            double seconds,
            int processes,
            double memoryMib) {
        int count() {
            return reloadMs.values().size();
        }

        int refused() {
            return steady.refusals().count() + added.refusals().count();
        }

        int longs() {
            return steady.opened() + added.opened();
        }

        int exchanges() {
            return steady.exchanges() + added.exchanges();
        }

        int broken() {
            return steady.breaks().count() + added.breaks().count();
        }

        String breaks() {
            return steady.breaks().and(added.breaks()).toString();
        }
    }

    @Override
    public List<Findings> run(Rig rig) throws IOException, InterruptedException {
        BalancerStarter ours = BalancerStarter.penstock(rig, rig.lengths().drainTimeout(), false);
        BalancerStarter theirs = BalancerStarter.haproxy(rig, rig.lengths().drainTimeout());
        double capacity = Math.min(capacity(rig, ours), capacity(rig, theirs));
        double rate = Math.floor(capacity * SHARE_OF_CAPACITY);
        return List.of(table(rig, rate, measure(rig, ours, rate), measure(rig, theirs, rate)));
    }

    private static double capacity(Rig rig, BalancerStarter starter) throws IOException, InterruptedException {
        try (Stage stage = new Stage();
                Balancer balancer = starter.start(stage.history().site())) {
            rig.progress().accept("reload: what can be done with " + balancer.label());
            return stage.capacity();
        }
    }

    private static Result measure(Rig rig, BalancerStarter starter, double rate)
            throws IOException, InterruptedException {
        try (Stage stage = new Stage();
                Balancer balancer = starter.start(stage.history().site())) {
            Crowd crowd = new Crowd(stage, rate);
            LongConnections.Group added = new LongConnections.Group(false);
            List<Double> reloadMs = new ArrayList<>();
            long gapNs = TimeUnit.SECONDS.toNanos(rig.lengths().reloadSeconds())
                    / rig.lengths().reloads();
            long startNs = System.nanoTime();
            for (int i = 1; i <= rig.lengths().reloads(); i++) {
                rig.progress()
                        .accept("reload: " + balancer.label() + ", " + i + " of "
                                + rig.lengths().reloads());
                long askedNs = System.nanoTime();
                SiteHistory.Step step = stage.history().next();
                balancer.reload(step.site());
                reloadMs.add((System.nanoTime() - askedNs) / 1e6);
                if (step.added().isPresent()) {
                    Site.Listener listener = step.added().get();
                    crowd.openLong(added, Rig.local(listener.port()), PER_NEW_LISTENER);
                }
                TimeUnit.NANOSECONDS.sleep(startNs + i * gapNs - System.nanoTime());
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;
            // As they are with all the connections that have to stay.
            int processes = balancer.pids().size();
            double memoryMib = memoryMib(balancer.pids());
            NewConnections.Seen fresh = crowd.leave();
            return new Result(fresh, crowd.steady(), added, new Series(reloadMs), seconds, processes, memoryMib);
        }
    }

    /** Of those that have not ended meanwhile. */
    private static double memoryMib(List<Long> pids) {
        long bytes = 0;
        for (long pid : pids) {
            try {
                bytes += ProcessMemory.of(List.of(pid)).sharedOutBytes();
            } catch (IOException ended) {
                // Then it has none.
            }
        }
        return bytes / BYTES_PER_MIB;
    }

    private static Findings table(Rig rig, double rate, Result ours, Result theirs) {
        int reloads = rig.lengths().reloads();
        return new Findings(
                        "reload",
                        "%,d changed files in %d s, under %,.0f new connections a second and 200 long ones"
                                .formatted(reloads, rig.lengths().reloadSeconds(), rate),
                        List.of("penstock", "haproxy"))
                .exactly(reloads, "files applied", "applied", "", ours.count(), theirs.count())
                .report("in", "seconds", "s", ours.seconds, theirs.seconds)
                .report("a file, median", "time", "ms", ours.reloadMs.median(), theirs.reloadMs.median())
                .report("a file, longest", "time-max", "ms", ours.reloadMs.max(), theirs.reloadMs.max())
                .report("new connections", "new", "", ours.fresh.offered(), theirs.fresh.offered())
                .report("served a second", "rate", "1/s", ours.fresh.perSecond(), theirs.fresh.perSecond())
                .exactly(0, "failed", "new-failed", "", ours.fresh.failed(), theirs.fresh.failed())
                .report("p99", "new-p99", "us", ours.fresh.p99Us(), theirs.fresh.p99Us())
                .report("clients late, p99", "lag-p99", "us", ours.fresh.lagP99Us(), theirs.fresh.lagP99Us())
                .report("on new listeners", "added", "", ours.added.asked(), theirs.added.asked())
                .exactly(0, "refused", "added-refused", "", ours.refused(), theirs.refused())
                .report("long connections", "long", "", ours.longs(), theirs.longs())
                .report("exchanges", "exchanges", "", ours.exchanges(), theirs.exchanges())
                .exactly(0, "broken", "long-broken", "", ours.broken(), theirs.broken())
                .exactly(1, "processes at the end", "processes", "", ours.processes, theirs.processes)
                .report("memory of all", "memory", "MiB", ours.memoryMib, theirs.memoryMib)
                .note("New connections failed with us", ours.fresh.reasons())
                .note("New connections failed with HAProxy", theirs.fresh.reasons())
                .note("Long connections broke with us", ours.breaks())
                .note("Long connections broke with HAProxy", theirs.breaks());
    }
}
