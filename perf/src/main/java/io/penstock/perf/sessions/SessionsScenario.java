package io.penstock.perf.sessions;

import io.penstock.perf.change.Findings;
import io.penstock.perf.change.balancers.Forwarder;
import io.penstock.perf.rig.JvmMemory;
import io.penstock.perf.rig.KernelMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * As many sessions at once as the forwarder may have: what they cost in memory, what clients notice of them, who yields at
 * the limit, and what it costs that all of them end together.
 */
final class SessionsScenario implements Scenario {
    private static final int SESSIONS = 15_000;

    /** They ask all the time, and what they notice is measured. */
    private static final int PROBES = 100;

    /** Nobody answers them. */
    private static final int ONE_WAY = 500;

    private static final int OTHERS = SESSIONS - PROBES - ONE_WAY;

    /** Clients that come when there is no room. */
    private static final int NEWCOMERS = 300;

    private static final int FIRST_OTHER = PROBES;
    private static final int FIRST_ONE_WAY = PROBES + OTHERS;
    private static final int FIRST_NEWCOMER = SESSIONS;
    private static final int FIRST_WARM_UP = SESSIONS + NEWCOMERS;
    private static final int WARM_UPS = 20_000;

    private static final double PROBE_RATE = 1_000;
    private static final double OPEN_RATE = 5_000;
    private static final int ROUNDS = 5;

    /** Fast, so that what is touched ends together. */
    private static final double TOUCH_RATE = 15_000;

    /** Longer than all that is done while the sessions are open. */
    private static final int IDLE_S = 25;

    private static final long PROBE_NS = TimeUnit.SECONDS.toNanos(5);

    /** In which all end, and before that. */
    private static final long SPAN_NS = TimeUnit.SECONDS.toNanos(2);

    /** How much longer it may take on a machine that is busy with something else. */
    private static final int LATE_S = 5;

    /** From a span's begin until the first ends. */
    private static final long MARGIN_NS = TimeUnit.MILLISECONDS.toNanos(300);

    /** As for an idle connection. */
    private static final double MEMORY_BYTES_MAX = 2_048;

    private static final double P50_RATIO_MAX = 1.5;
    private static final double P99_RATIO_MAX = 3;
    private static final double EXPIRY_US_MAX = 50_000;

    private record Ports(int echo, int once, int silent, int echoBackend, int silentBackend) {
        static Ports pick() throws IOException {
            List<Integer> ports = Site.ports(5);
            return new Ports(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
        }
    }

    /** A forwarder and its clients. */
    private record Run(Site site, Ports ports, Path directory, ClientLoop loop, Forwarder forwarder) {
        Metrics metrics() throws IOException, InterruptedException {
            return Metrics.of(Site.adminSocket(directory));
        }

        Seen probe(long forNs) {
            Queries probes = loop.begin(new Queries.Plan(ports.echo, 0, PROBES, PROBE_RATE));
            loop.run(forNs);
            return loop.finish(probes);
        }

        /** A query of each of these clients, whatever becomes of it. */
        Seen ask(int port, int first, int count, double perSecond) {
            return loop.ask(new Queries.Plan(port, first, count, perSecond), count);
        }

        /** As clients do that ask again when there was no answer. */
        void askUntilAnswered(int port, int first, int count, double perSecond) throws IOException {
            Seen seen = ask(port, first, count, perSecond);
            for (int round = 1; round < ROUNDS && seen.failed() > 0; round++) {
                seen = ask(port, first, count, perSecond);
            }
            if (seen.failed() > 0) {
                throw new IOException(seen.failed() + " of " + count + " clients got no answer");
            }
        }

        /** Of the clients that nobody answers. */
        void speakOneWay(int first, int count) {
            ask(ports.silent, first, count, OPEN_RATE);
        }

        /** Of the admin server's connections, which it closes soon, too: waits a little. */
        int descriptorsBeyond(int before) throws IOException {
            int beyond = forwarder.openKernelObjects() - before;
            for (int i = 0; i < LATE_S && beyond > 0; i++) {
                loop.run(TimeUnit.SECONDS.toNanos(1));
                beyond = forwarder.openKernelObjects() - before;
            }
            return Math.max(0, beyond);
        }

        void requireSessions(int wanted) throws IOException, InterruptedException {
            double sessions = metrics().value("penstock_udp_sessions");
            if (sessions != wanted) {
                throw new IOException("instead of %,d sessions there are %,.0f".formatted(wanted, sessions));
            }
        }
    }

    @Override
    public List<Findings> run(Site site) throws IOException, InterruptedException {
        Ports ports = Ports.pick();
        Path directory = site.newDirectory();
        site.progress().accept("sessions: starting");
        try (ClientLoop loop = site.newLoop(false);
                SilentBackend silent = new SilentBackend(loop.syscalls(), ports.silentBackend)) {
            Site.serve(loop, ports.echoBackend);
            try (Forwarder forwarder = site.start(directory, yaml(ports, silent))) {
                Findings findings = new Findings(
                        "sessions",
                        "%,d sessions at once, of which %d ask %,.0f times a second"
                                .formatted(SESSIONS, PROBES, PROBE_RATE),
                        List.of("penstock"));
                measure(new Run(site, ports, directory, loop, forwarder), findings);
                forwarder.requireAlive();
                return List.of(findings);
            }
        }
    }

    private static void measure(Run run, Findings findings) throws IOException, InterruptedException {
        // Each of these sessions ends with its answer: all is compiled, and hardly a slot was used.
        run.ask(run.ports.once, FIRST_WARM_UP, WARM_UPS, OPEN_RATE);
        run.probe(PROBE_NS);
        run.forwarder.memory();
        JvmMemory memoryBefore = run.forwarder.memory();
        long slabBytesBefore = KernelMemory.slabBytes();
        int descriptorsBefore = run.forwarder.openKernelObjects();
        run.site.progress().accept("sessions: %d alone".formatted(PROBES));
        Seen alone = run.probe(PROBE_NS);

        run.site.progress().accept("sessions: opening");
        run.askUntilAnswered(run.ports.echo, FIRST_OTHER, OTHERS, OPEN_RATE);
        run.speakOneWay(FIRST_ONE_WAY, ONE_WAY);
        // An address that speaks again after an answer is not an invented one.
        run.askUntilAnswered(run.ports.echo, FIRST_OTHER, OTHERS, TOUCH_RATE);
        run.requireSessions(SESSIONS);
        run.site.progress().accept("sessions: all");
        Seen among = run.probe(PROBE_NS);
        reportLatency(findings, alone, among);

        run.site.progress().accept("sessions: reading the heap");
        long slabBytesAfter = KernelMemory.slabBytes();
        JvmMemory memoryAfter = run.forwarder.memory();
        reportMemory(findings, memoryBefore, memoryAfter, slabBytesBefore, slabBytesAfter);

        run.site.progress().accept("sessions: more than there is room for");
        reportLimit(findings, run);
        run.site.progress().accept("sessions: all end");
        reportExpiry(findings, run, descriptorsBefore);
    }

    private static void reportLatency(Findings findings, Seen alone, Seen among) {
        findings.report("p50, alone", "alone-p50", "us", alone.p50Us())
                .report("p50, all sessions open", "among-p50", "us", among.p50Us())
                .atMost(P50_RATIO_MAX, "of that alone", "p50-ratio", "x", among.p50Us() / alone.p50Us())
                .report("p99, alone", "alone-p99", "us", alone.p99Us())
                .report("p99, all sessions open", "among-p99", "us", among.p99Us())
                .atMost(P99_RATIO_MAX, "of that alone", "p99-ratio", "x", among.p99Us() / alone.p99Us())
                .report("longest, alone", "alone-max", "us", alone.maxUs())
                .report("longest, all sessions open", "among-max", "us", among.maxUs())
                .exactly(0, "queries failed", "failed", "", alone.failed() + among.failed());
    }

    private static void reportMemory(
            Findings findings, JvmMemory before, JvmMemory after, long slabBytesBefore, long slabBytesAfter)
            throws IOException {
        double sessions = SESSIONS - PROBES;
        double heap = (after.heapBytes() - before.heapBytes()) / sessions;
        double offHeap = (after.offHeapBytes() - before.offHeapBytes()) / sessions;
        // The JVM gives memory of its own back now and then; that must not make a session look free.
        double process = heap + Math.max(0, offHeap);
        double kernel = (slabBytesAfter - slabBytesBefore) / sessions;
        findings.report("heap, a session", "heap", "B", heap)
                .report("off the heap, a session", "off-heap", "B", offHeap)
                .atMost(MEMORY_BYTES_MAX, "both", "heap-and-off-heap", "B", process)
                .report("kernel's objects, a session", "kernel", "B", kernel)
                .report(
                        "resident, a session",
                        "resident",
                        "B",
                        (after.residentBytes() - before.residentBytes()) / sessions)
                .report("resident, the process", "process-resident", "MiB", after.residentBytes() / 1048576.0)
                .note("What a million sessions would take", MillionSessions.text(process, kernel));
    }

    /** Newcomers take the places of those that nobody has answered, the oldest first, and of nobody else. */
    private static void reportLimit(Findings findings, Run run) throws IOException, InterruptedException {
        Metrics before = run.metrics();
        Seen newcomers = run.ask(run.ports.echo, FIRST_NEWCOMER, NEWCOMERS, OPEN_RATE);
        // Who is left is known; who had yielded would come back, and push out another.
        run.speakOneWay(FIRST_ONE_WAY + NEWCOMERS, ONE_WAY - NEWCOMERS);
        run.askUntilAnswered(run.ports.echo, FIRST_OTHER, OTHERS, TOUCH_RATE);
        Metrics after = run.metrics();
        double opened =
                after.value("penstock_udp_sessions_opened_total") - before.value("penstock_udp_sessions_opened_total");
        findings.exactly(0, "newcomers at the limit that failed", "newcomers-failed", "", newcomers.failed())
                .exactly(
                        NEWCOMERS,
                        "yielded, the oldest without an answer",
                        "evicted-one-way",
                        "",
                        ended(after, "evicted_one_way") - ended(before, "evicted_one_way"))
                .exactly(
                        0,
                        "yielded, others",
                        "evicted-others",
                        "",
                        ended(after, "evicted_answered") - ended(before, "evicted_answered"))
                .exactly(0, "other sessions lost", "lost", "", opened - NEWCOMERS);
    }

    private static double ended(Metrics metrics, String reason) throws IOException {
        return metrics.value("penstock_udp_ended_total", reason);
    }

    /** All but the probes fall silent, and end within a second. */
    private static void reportExpiry(Findings findings, Run run, int descriptorsBefore)
            throws IOException, InterruptedException {
        Metrics before = run.metrics();
        long firstEndNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_S);
        run.askUntilAnswered(run.ports.echo, FIRST_OTHER, OTHERS, TOUCH_RATE);
        Queries probes = run.loop.begin(new Queries.Plan(run.ports.echo, 0, PROBES, PROBE_RATE));
        run.loop.run(firstEndNs - MARGIN_NS - SPAN_NS - System.nanoTime());
        long quietNs = System.nanoTime();
        long quietCpuNs = run.forwarder.usage().cpuNs();
        run.loop.run(SPAN_NS);
        long endNs = System.nanoTime();
        long endCpuNs = run.forwarder.usage().cpuNs();
        run.loop.run(SPAN_NS);
        for (int i = 0; i < LATE_S && run.metrics().value("penstock_udp_sessions") > PROBES; i++) {
            run.loop.run(TimeUnit.SECONDS.toNanos(1));
        }
        long afterNs = System.nanoTime();
        long afterCpuNs = run.forwarder.usage().cpuNs();
        run.loop.stop(probes);
        Metrics after = run.metrics();
        Seen quiet = probes.seen(quietNs, endNs);
        Seen during = probes.seen(endNs, afterNs);
        double ended = ended(after, "idle") - ended(before, "idle");
        double quietPerSecond = (double) (endCpuNs - quietCpuNs) / (endNs - quietNs);
        double cpuNs = afterCpuNs - endCpuNs - quietPerSecond * (afterNs - endNs);
        findings.exactly(SESSIONS - PROBES, "ended, being idle", "idle-ended", "", ended)
                .exactly(PROBES, "sessions left", "left", "", after.value("penstock_udp_sessions"))
                .report("CPU time, a session that ends", "end-cpu", "us", cpuNs / OTHERS / 1e3)
                .report("longest, before the end of all", "before-end-max", "us", quiet.maxUs())
                .report("p99, while they end", "end-p99", "us", during.p99Us())
                .atMost(EXPIRY_US_MAX, "longest, while they end", "end-max", "us", during.maxUs())
                .exactly(0, "queries failed meanwhile", "end-failed", "", quiet.failed() + during.failed())
                .exactly(0, "descriptors left", "descriptors-left", "", run.descriptorsBeyond(descriptorsBefore));
    }

    private static String yaml(Ports ports, SilentBackend silent) {
        return """
                workers: 1
                limits: { sessions: %1$d }
                services:
                  echo:
                    protocol: udp
                    listen: "127.0.0.1:%3$d"
                    timeouts: { idle: %2$ds }
                  once:
                    protocol: udp
                    listen: "127.0.0.1:%4$d"
                    pool: echo
                    responses: 1
                  silent:
                    protocol: udp
                    listen: "127.0.0.1:%5$d"
                    timeouts: { idle: %2$ds }
                pools:
                  echo: { health: none, backends: ["127.0.0.1:%6$d"] }
                  silent: { health: none, backends: ["127.0.0.1:%7$d"] }
                """.formatted(SESSIONS, IDLE_S, ports.echo, ports.once, ports.silent, ports.echoBackend, silent.port());
    }
}
