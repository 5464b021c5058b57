package io.penstock.perf.health;

import com.google.re2j.Pattern;
import com.sun.management.ThreadMXBean;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthListener;
import io.penstock.health.HealthMonitor;
import io.penstock.health.HealthPlan;
import io.penstock.health.Octets;
import io.penstock.health.Probe;
import io.penstock.health.ProbeResult;
import io.penstock.health.Schedule;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.Figures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** Checks many servers on loopback, for each kind of probe in turn, and reads the CPU time of the probing thread. */
@Command(
        name = "health-cost",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "CPU time of the thread that checks backends, in percent of one core.")
public final class HealthCost implements Callable<Integer> {
    /** The promise, for 1,000 backends checked every second. */
    private static final double GOAL_PERCENT = 5;

    /** A measurement in which fewer of the probes were made or succeeded has failed. */
    private static final double LEAST_SHARE = 0.9;

    private static final int LISTENERS = 20;
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @Option(
            names = "--backends",
            paramLabel = "N",
            defaultValue = "1000",
            description = "checked once a second each (default: ${DEFAULT-VALUE}); the goal is for 1000")
    private int backends;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "measured for each kind of probe, after half as long a warm-up (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    public static void main(String[] args) {
        System.exit(new CommandLine(new HealthCost()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.printf("%,d backends, each checked once a second, for %d s%n", backends, seconds);
        Figures figures = new Figures();
        try (AnsweringServers servers = new AnsweringServers(LISTENERS)) {
            measure("tcp", new Probe.Tcp(), servers.ports(), figures);
            measure("exchange", exchange(), servers.ports(), figures);
            measure("http", http(), servers.ports(), figures);
        }
        figures.print(System.out, Ansi.AUTO);
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    private static Probe exchange() {
        return new Probe.Exchange(
                Octets.utf8("PING\r\n"), Optional.of(new Probe.Expect.Bytes(Octets.utf8("ok"))), Optional.empty());
    }

    private static Probe http() {
        return new Probe.Http(
                "GET",
                "/health",
                Optional.of("backend.test"),
                List.of(new Probe.StatusRange(200, 399)),
                Optional.of(new Probe.Expect.Regex(Pattern.compile("ok"))),
                Optional.empty());
    }

    private void measure(String kind, Probe probe, List<Integer> ports, Figures figures)
            throws IOException, InterruptedException {
        Schedule schedule = new Schedule(INTERVAL, INTERVAL, TIMEOUT, Schedule.DEFAULT_JITTER, Schedule.Initial.UP);
        HealthPlan plan = HealthPlan.of(
                new HealthCheck(kind, probe, HealthCheck.TARGETS_PORT, schedule, HealthCheck.Origin.PLAIN, 2, 3, 1));
        IpAddress loopback = IpAddress.of(InetAddress.getLoopbackAddress());
        Successes successes = new Successes();
        try (HealthMonitor monitor = new HealthMonitor("cost-" + kind)) {
            for (int i = 0; i < backends; i++) {
                monitor.watch(new Endpoint(loopback, ports.get(i % ports.size())), plan, successes);
            }
            Thread.sleep(seconds * 1_000L / 2);
            TaskClock clock = TaskClock.of("cost-" + kind);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long allocated = threads.getThreadAllocatedBytes(successes.threadId);
            long probes = successes.count.get();
            long cpuNs = clock.cpuNs();
            long startNs = System.nanoTime();
            Thread.sleep(seconds * 1_000L);
            long elapsedNs = System.nanoTime() - startNs;
            cpuNs = clock.cpuNs() - cpuNs;
            probes = successes.count.get() - probes;
            allocated = threads.getThreadAllocatedBytes(successes.threadId) - allocated;
            figures.atMost(kind + ".cpu", 100.0 * cpuNs / elapsedNs, "% of a core", GOAL_PERCENT);
            figures.atLeast(
                    kind + ".successes",
                    (double) probes,
                    "probes",
                    LEAST_SHARE * backends * elapsedNs / INTERVAL.toNanos());
            figures.report(kind + ".cpu-per-probe", cpuNs / 1e3 / probes, "us");
            figures.report(kind + ".allocated-per-probe", (double) allocated / probes, "B");
        }
    }

    /** Of one monitor; told on its thread. */
    private static final class Successes implements HealthListener {
        private final AtomicLong count = new AtomicLong();
        private volatile long threadId;

        @Override
        @SuppressWarnings("deprecation") // Its replacement came with Java 19.
        public void onResult(HealthCheck check, ProbeResult result, long durationNs) {
            threadId = Thread.currentThread().getId();
            if (result.outcome() == ProbeResult.Outcome.SUCCESS) {
                count.incrementAndGet();
            }
        }

        @Override
        public void onTransition(boolean up, String evidence) {
            System.err.println((up ? "up: " : "down: ") + evidence);
        }
    }
}
