package io.penstock.perf.lab.vrrp;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.NewClients;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.lab.vrrp.WireEvent.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One contestant at one interval: its active host dies again and again, and is told to stop a few times, while clients connect. */
final class FailoverTrial {
    private static final int SOURCES = 2_000;
    private static final int STOPS = 5;
    private static final double PRIORITIES = 256;

    /** After a takeover, for the clients that it has cost something to be counted. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(2);

    private final Rig rig;
    private final Clients clients;
    private final Timeline timeline;
    private final Figures figures;

    FailoverTrial(Rig rig, Clients clients, Timeline timeline, Figures figures) {
        this.rig = rig;
        this.clients = clients;
        this.timeline = timeline;
        this.figures = figures;
    }

    /**
     * The trial.
     *
     * @param goalMs how much longer than the formula it may take, for ours
     */
    void run(Contestant contestant, Duration interval, int failovers, double goalMs)
            throws IOException, InterruptedException {
        String name = contestant + " " + interval.toMillis() + " ms";
        timeline.title(name + ": " + failovers + " deaths of the active host, " + STOPS + " stops in order");
        List<Failover> deaths = new ArrayList<>();
        List<Failover> stops = new ArrayList<>();
        LostAttempts attempts = new LostAttempts();
        try (Speaker first = rig.speaker(contestant, Rig.FIRST, interval);
                Speaker second = rig.speaker(contestant, Rig.SECOND, interval)) {
            first.start();
            second.start();
            rig.awaitFirst(interval);
            NewClients arriving = clients.arriving(SOURCES, perSecond(interval), Long.MAX_VALUE, attempts);
            for (int i = 0; i < failovers; i++) {
                deaths.add(failOver(first, interval, first::die));
            }
            timeline.now(failovers + " deaths were survived");
            long lost = clients.loop().call(attempts::lost);
            figures.report(name + ": lost attempts to connect for each", (double) lost / failovers, "");
            for (int i = 0; i < STOPS; i++) {
                stops.add(failOver(first, interval, first::stop));
            }
            clients.loop().end(arriving);
        }
        report(name, contestant, interval, deaths, stops, goalMs);
    }

    private interface End {
        void come() throws IOException, InterruptedException;
    }

    /** Returns when the first one is active again. */
    private Failover failOver(Speaker first, Duration interval, End end) throws IOException, InterruptedException {
        Duration limit = Duration.ofSeconds(10).plus(interval.multipliedBy(4));
        int mark = rig.wire().mark();
        // One advertisement of the old one has to be in what is judged.
        rig.wire().await(mark, "advertisement", limit, event -> rig.isFirst(event) && Rig.isAlive(event));
        end.come();
        for (Kind kind : Kind.values()) {
            rig.wire().await(mark, kind.toString(), limit, event -> rig.isSecond(event) && event.kind() == kind);
        }
        Failover failover = Failover.of(rig.wire().since(mark), rig::isFirst, rig::isSecond);
        Thread.sleep(AFTERWARDS.toMillis());
        first.start();
        rig.awaitFirst(interval);
        return failover;
    }

    /** Finer than what is measured with them, as far as the lab can take it. */
    private static double perSecond(Duration interval) {
        return interval.toMillis() <= 10 ? 400 : 100;
    }

    private void report(
            String name,
            Contestant contestant,
            Duration interval,
            List<Failover> deaths,
            List<Failover> stops,
            double goalMs) {
        double skewMs = interval.toMillis() * (PRIORITIES - Rig.SECOND_PRIORITY) / PRIORITIES;
        double formulaMs = 3 * interval.toMillis() + skewMs;
        figures.report(name + ": by the formula", formulaMs, "ms");
        figures.report(name + ": last advertisement to first, median", median(deaths, Failover::advertisementMs), "ms");
        double early = formulaMs - percentile(deaths, Failover::advertisementMs, 0);
        double late = percentile(deaths, Failover::advertisementMs, 1) - formulaMs;
        promise(contestant, name + ": most after the formula", late, goalMs);
        promise(contestant, name + ": most before the formula", early, goalMs);
        figures.report(name + ": to first gratuitous ARP, median", median(deaths, Failover::announcementMs), "ms");
        figures.report(name + ": to first client reply, median", median(deaths, Failover::replyMs), "ms");
        double stopMs = percentile(stops, Failover::advertisementMs, 1);
        promise(contestant, name + ": stopped in order, most after the skew", stopMs - skewMs, goalMs);
    }

    /** Nothing is promised for others. */
    private void promise(Contestant contestant, String name, double value, double limit) {
        if (contestant == Contestant.PENSTOCK) {
            figures.atMost(name, value, "ms", limit);
        } else {
            figures.report(name, value, "ms");
        }
    }

    private static double median(List<Failover> failovers, ToDoubleFunction<Failover> figure) {
        return percentile(failovers, figure, 0.5);
    }

    private static double percentile(List<Failover> failovers, ToDoubleFunction<Failover> figure, double share) {
        double[] sorted = failovers.stream().mapToDouble(figure).sorted().toArray();
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
