package io.penstock.perf.sessions;

import io.penstock.perf.change.Findings;
import io.penstock.perf.change.balancers.Forwarder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A million datagrams, each of a client that never comes again, beside clients that work. */
final class FloodScenario implements Scenario {
    private static final int GOOD = 100;

    /** Queries a second of all good clients. */
    private static final double RATE = 3_000;

    private static final double FLOOD_RATE = 50_000;
    private static final long FLOOD_DATAGRAMS = 1_000_000;

    /** Far fewer than clients of the flood. */
    private static final int SESSIONS = 10_000;

    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(4);
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long FASTEST_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(40);

    /** Of a flood at one rate. */
    private record Result(
            double flood,
            double floodPerSecond,
            Seen quiet,
            Seen good,
            Metrics before,
            Metrics after,
            double lateMaxUs) {
        double counted(String name) throws IOException {
            return after.value(name) - before.value(name);
        }

        double counted(String name, String reason) throws IOException {
            return after.value(name, reason) - before.value(name, reason);
        }
    }

    @Override
    public List<Findings> run(Site site) throws IOException, InterruptedException {
        List<Integer> ports = Site.ports(2);
        Path directory = site.newDirectory();
        site.progress().accept("flood: starting");
        try (ClientLoop loop = site.newLoop(false)) {
            Site.serve(loop, ports.get(1));
            try (Forwarder forwarder = site.start(directory, yaml(ports))) {
                warmUp(loop, ports.get(0));
                site.progress().accept("flood: a million datagrams");
                Result steady = measure(loop, directory, ports.get(0), FLOOD_RATE);
                site.progress().accept("flood: as fast as it can");
                Result fastest = measure(loop, directory, ports.get(0), Double.POSITIVE_INFINITY);
                forwarder.requireAlive();
                return List.of(table(steady, fastest));
            }
        }
    }

    /** Of what is compiled for good clients, and for the flood. */
    private static void warmUp(ClientLoop loop, int port) throws IOException {
        Queries queries = loop.begin(new Queries.Plan(port, 0, GOOD, RATE));
        loop.run(WARM_UP_NS / 2);
        loop.beginFlood(port, FLOOD_RATE);
        loop.run(WARM_UP_NS / 2);
        loop.endFlood();
        loop.stop(queries);
    }

    private static Result measure(ClientLoop loop, Path directory, int port, double perSecond)
            throws IOException, InterruptedException {
        Metrics before = Metrics.of(Site.adminSocket(directory));
        long quietNs = System.nanoTime();
        Queries good = loop.begin(new Queries.Plan(port, 0, GOOD, RATE));
        loop.run(QUIET_NS);
        long startNs = System.nanoTime();
        FloodSource flood = loop.beginFlood(port, perSecond);
        long timeoutNs = Double.isInfinite(perSecond) ? FASTEST_NS : TIMEOUT_NS;
        boolean unused = loop.await(() -> flood.sent() >= FLOOD_DATAGRAMS, timeoutNs);
        long endNs = System.nanoTime();
        double rate = flood.perSecond(endNs);
        loop.endFlood();
        loop.stop(good);
        return new Result(
                flood.sent(),
                rate,
                good.seen(quietNs, startNs),
                good.seen(startNs, endNs),
                before,
                Metrics.of(Site.adminSocket(directory)),
                good.lateMaxNs() / 1e3);
    }

    private static Findings table(Result steady, Result fastest) throws IOException {
        return new Findings(
                        "flood",
                        "A flood of random clients, beside %d that ask %,.0f times a second; %,d sessions at most"
                                .formatted(GOOD, RATE, SESSIONS),
                        List.of("a-million", "fastest"))
                .atLeast(FLOOD_DATAGRAMS, "datagrams of the flood", "flood", "", steady.flood, fastest.flood)
                .report("a second", "flood-rate", "1/s", steady.floodPerSecond, fastest.floodPerSecond)
                .report("queries of good clients", "good", "", steady.good.sent(), fastest.good.sent())
                .exactly(0, "of them failed", "good-failed", "", steady.good.failed(), fastest.good.failed())
                .report("p50 in quiet", "quiet-p50", "us", steady.quiet.p50Us(), fastest.quiet.p50Us())
                .report("p50 under the flood", "good-p50", "us", steady.good.p50Us(), fastest.good.p50Us())
                .report("p99 in quiet", "quiet-p99", "us", steady.quiet.p99Us(), fastest.quiet.p99Us())
                .report("p99 under the flood", "good-p99", "us", steady.good.p99Us(), fastest.good.p99Us())
                .report("longest under the flood", "good-max", "us", steady.good.maxUs(), fastest.good.maxUs())
                .report("clients late, longest", "late-max", "us", steady.lateMaxUs, fastest.lateMaxUs)
                .report(
                        "datagrams that the forwarder read",
                        "read",
                        "",
                        steady.counted("penstock_udp_datagrams_from_clients_total"),
                        fastest.counted("penstock_udp_datagrams_from_clients_total"))
                .report(
                        "sessions opened",
                        "opened",
                        "",
                        steady.counted("penstock_udp_sessions_opened_total"),
                        fastest.counted("penstock_udp_sessions_opened_total"))
                .report(
                        "that yielded, without a reply",
                        "evicted-one-way",
                        "",
                        steady.counted("penstock_udp_ended_total", "evicted_one_way"),
                        fastest.counted("penstock_udp_ended_total", "evicted_one_way"))
                .report(
                        "that yielded, answered once",
                        "evicted-answered",
                        "",
                        steady.counted("penstock_udp_ended_total", "evicted_answered"),
                        fastest.counted("penstock_udp_ended_total", "evicted_answered"))
                .report(
                        "newcomers dropped",
                        "newcomers-dropped",
                        "",
                        steady.counted("penstock_udp_newcomers_dropped_total"),
                        fastest.counted("penstock_udp_newcomers_dropped_total"));
    }

    private static String yaml(List<Integer> ports) {
        return """
                workers: 1
                limits: { sessions: %d }
                services:
                  flooded:
                    protocol: udp
                    listen: "127.0.0.1:%d"
                    pool: flooded
                pools:
                  flooded: { health: none, backends: ["127.0.0.1:%d"] }
                """.formatted(SESSIONS, ports.get(0), ports.get(1));
    }
}
