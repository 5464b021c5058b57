package io.penstock.perf.sessions;

import io.penstock.perf.change.Findings;
import io.penstock.perf.change.balancers.Forwarder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Queries by the thousand; one of two backends is killed, comes back, and then the other one is drained. */
final class FailoverScenario implements Scenario {
    private static final double RATE = 5_000;

    /** Each asks 25 times a second. */
    private static final int CLIENTS = 200;

    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(4);
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long FAILED_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETURN_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long DRAIN_COMMAND_NS = TimeUnit.SECONDS.toNanos(20);

    /** Two seconds for all clients. */
    private static final int DRAINED_PER_SECOND = 100;

    /** What is asked so shortly before the kill may be at the backend then. */
    private static final long IN_FLIGHT_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Three checks in a row have failed by then. */
    private static final double LAST_FAILED_MS_MAX = 1_500;

    /** What one kind of service did. */
    private record Result(
            Seen quiet,
            Seen killed,
            double movedMs,
            double rehomed,
            Seen drained,
            double drainedMs,
            double twice,
            double lateMaxUs) {}

    @Override
    public List<Findings> run(Site site) throws IOException, InterruptedException {
        return List.of(table(measure(site, "", "sessions"), measure(site, "    responses: 1\n", "one reply each")));
    }

    private static Result measure(Site site, String option, String about) throws IOException, InterruptedException {
        List<Integer> ports = Site.ports(3);
        Path directory = site.newDirectory();
        site.progress().accept("failover: " + about + ", starting");
        try (EchoProcess first = EchoProcess.start(FIRST, ports.get(1), directory, site.cores());
                EchoProcess second = EchoProcess.start(SECOND, ports.get(2), directory, site.cores());
                Forwarder forwarder = site.start(directory, yaml(ports.get(0), option, first, second));
                ClientLoop loop = site.newLoop(true)) {
            Queries queries = loop.begin(new Queries.Plan(ports.get(0), 0, CLIENTS, RATE));
            loop.run(WARM_UP_NS);
            site.progress().accept("failover: " + about + ", killing a backend");
            long quietNs = System.nanoTime();
            loop.run(QUIET_NS);
            long killedNs = System.nanoTime();
            first.kill();
            loop.run(FAILED_NS);
            long afterNs = System.nanoTime();
            try (EchoProcess again = EchoProcess.startSilently(FIRST, ports.get(1), directory, site.cores())) {
                loop.run(RETURN_NS);
                again.awaitReady();
                site.progress().accept("failover: " + about + ", draining a backend");
                long drainNs = System.nanoTime();
                drain(site, directory, loop);
                loop.run(DRAIN_NS);
                loop.stop(queries);
                forwarder.requireAlive();
                return new Result(
                        queries.seen(quietNs, killedNs - IN_FLIGHT_NS),
                        queries.seen(killedNs - IN_FLIGHT_NS, afterNs),
                        queries.movedNs(killedNs, SECOND) / 1e6,
                        Metrics.of(Site.adminSocket(directory)).value("penstock_udp_rehomed_total"),
                        queries.seen(drainNs, Long.MAX_VALUE),
                        queries.movedNs(drainNs, FIRST) / 1e6,
                        queries.answeredAgain(),
                        queries.lateMaxNs() / 1e3);
            }
        }
    }

    private static void drain(Site site, Path directory, ClientLoop loop) throws IOException, InterruptedException {
        Process command = new ProcessBuilder(
                        site.launcher().toString(),
                        "backend",
                        "drain",
                        "dns",
                        "second",
                        "--rate",
                        DRAINED_PER_SECOND + "/s",
                        "--admin",
                        "unix:" + Site.adminSocket(directory))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("drain.log").toFile())
                .start();
        if (!loop.await(() -> !command.isAlive(), DRAIN_COMMAND_NS) || command.exitValue() != 0) {
            command.destroyForcibly();
            throw new IOException("the backend could not be drained");
        }
    }

    private static Findings table(Result sessions, Result replies) {
        return new Findings(
                        "failover",
                        "One of two backends is killed, then the other drained, under %,.0f queries a second of %d clients"
                                .formatted(RATE, CLIENTS),
                        List.of("sessions", "responses-1"))
                .report("p99 before", "quiet-p99", "us", sessions.quiet.p99Us(), replies.quiet.p99Us())
                .exactly(0, "failed before", "quiet-failed", "", sessions.quiet.failed(), replies.quiet.failed())
                .report("queries after the kill", "kill-queries", "", sessions.killed.sent(), replies.killed.sent())
                .report("of them failed", "kill-failed", "", sessions.killed.failed(), replies.killed.failed())
                .atMost(
                        LAST_FAILED_MS_MAX,
                        "from the kill to the last that failed",
                        "kill-last-failed",
                        "ms",
                        sessions.killed.lastFailedNs() / 1e6,
                        replies.killed.lastFailedNs() / 1e6)
                .atMost(
                        LAST_FAILED_MS_MAX,
                        "until the other backend had answered all clients",
                        "kill-moved",
                        "ms",
                        sessions.movedMs,
                        replies.movedMs)
                .report("sessions that went on with the other", "rehomed", "", sessions.rehomed, replies.rehomed)
                .report(
                        "queries during the drain",
                        "drain-queries",
                        "",
                        sessions.drained.sent(),
                        replies.drained.sent())
                .exactly(0, "of them failed", "drain-failed", "", sessions.drained.failed(), replies.drained.failed())
                .report(
                        "until the other backend had answered all clients",
                        "drain-moved",
                        "ms",
                        sessions.drainedMs,
                        replies.drainedMs)
                .exactly(0, "queries answered twice", "answered-twice", "", sessions.twice, replies.twice)
                .report("clients late, longest", "late-max", "us", sessions.lateMaxUs, replies.lateMaxUs);
    }

    private static String yaml(int port, String option, EchoProcess first, EchoProcess second) {
        return """
                workers: 1
                services:
                  dns:
                    protocol: udp
                    listen: "127.0.0.1:%d"
                    pool: dns
                %spools:
                  dns:
                    balance: { policy: round-robin }
                    health:
                      udp: {}
                      interval: 500ms
                      fast-interval: 250ms
                      timeout: 250ms
                      rise: 2
                      fall: 3
                    backends:
                      - { id: first, address: "127.0.0.1:%d" }
                      - { id: second, address: "127.0.0.1:%d" }
                """.formatted(port, option, first.port(), second.port());
    }
}
