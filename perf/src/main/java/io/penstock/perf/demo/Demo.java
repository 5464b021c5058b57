package io.penstock.perf.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The story, told while it happens: backends start, the forwarder starts, clients come, a backend dies and returns, and
 * what was promised is held against what the clients saw. Everything it starts ends with it, also on Ctrl-C.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Real clients, a real forwarder process and real backends on loopback; one backend is killed.")
public final class Demo implements Callable<Integer> {
    private static final int CONNECTIONS_MIN = 200;
    private static final int CONNECTIONS_MAX = 1_000_000;
    private static final int BACKENDS_MIN = 2;
    private static final int BACKENDS_MAX = 64;

    private static final int CLIENT_THREADS = 64;

    /** Enough for the forwarder's workers to load what they need, before anything is counted. */
    private static final int WARM_UP_CONNECTIONS = 128;

    /** Of the connections: those before the backend dies, and those before it comes back. */
    private static final double KILL_AT = 0.4;

    private static final double RETURN_AT = 0.8;

    /** Two successful checks 200 ms apart, one connection, and a machine that has other things to do. */
    private static final double BACK_IN_TRAFFIC_MAX_MS = 3_000;

    /** Two failed checks 200 ms apart, with room for jitter: the backend is down at least until it must be out. */
    private static final long DOWN_MIN_MS = 1_000;

    /**
     * Trust is earned by two successful checks one interval apart, and half of that leaves room for jitter. A backend
     * that serves sooner had never been taken out: retries alone had kept clients from noticing.
     */
    private static final double BACK_IN_TRAFFIC_MIN_MS = 100;

    private static final int AFTER_RETURN_BATCH = 32;
    private static final long STEP_MS = 50;
    private static final long LOAD_TIMEOUT_BASE_MS = 60_000;
    private static final long LOAD_TIMEOUT_PER_CONNECTION_MS = 10;
    private static final long QUIET_TIMEOUT_MS = 5_000;
    private static final int SAMPLES = 10;
    private static final int LOG_LINES_SHOWN = 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "4000",
            description = "connections of the clients (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--backends",
            paramLabel = "N",
            defaultValue = "4",
            description = "backends (default: ${DEFAULT-VALUE})")
    private int backendCount;

    @Option(names = "--keep", description = "leave everything up afterwards, for curl; Ctrl-C or Enter ends it")
    private boolean keep;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, description = "the forwarder's launcher")
    private Path launcher;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final int width = ProgressLine.terminalWidth();
    private final Ansi ansi = width > 0 && System.getenv("NO_COLOR") == null ? Ansi.ON : Ansi.OFF;
    private final ProgressLine progress = new ProgressLine(out, ansi, width);
    private final Figures figures = new Figures();
    private final List<EmbeddedBackend> backends = new ArrayList<>();
    private Path directory;
    private ForwarderProcess forwarder;
    private ClientFleet fleet;

    /** Set while everything is only kept up: Ctrl-C is then the expected end, with the verdict as exit code. */
    private volatile boolean keeping;

    private volatile boolean finished;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkArguments();
        // On Ctrl-C the process started here must not outlive us.
        Runtime.getRuntime().addShutdownHook(new Thread(this::endOnSignal, "demo-end"));
        try {
            return tell();
        } finally {
            endEverything();
        }
    }

    private void checkArguments() {
        requireRange("--connections", connections, CONNECTIONS_MIN, CONNECTIONS_MAX);
        requireRange("--backends", backendCount, BACKENDS_MIN, BACKENDS_MAX);
        if (!Files.isExecutable(launcher)) {
            throw new ParameterException(spec.commandLine(), launcher + " cannot be run; is the forwarder built?");
        }
    }

    private void requireRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + min + " to " + max + " (was " + value + ")");
        }
    }

    private int tell() throws IOException, InterruptedException {
        List<Integer> ports = LoopbackPorts.pick(backendCount + 1);
        int port = ports.get(backendCount);
        startBackends(ports.subList(0, backendCount));
        if (!startForwarder(port)) {
            return 1;
        }
        fleet = new ClientFleet(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CLIENT_THREADS);
        if (!warmUp()) {
            return 1;
        }
        int objectsBefore = quietKernelObjects(0);
        DemoReport report = driveLoad();
        int objectsAfter = quietKernelObjects(objectsBefore);
        report.promise(
                figures, backends.stream().mapToInt(EmbeddedBackend::corrupted).sum(), fleet.unfinished());
        double backMs = report.backInTrafficMs();
        figures.atMost("killed backend back in traffic after", backMs, "ms", BACK_IN_TRAFFIC_MAX_MS)
                .atLeast("and not before health checks passed", backMs, "ms", BACK_IN_TRAFFIC_MIN_MS)
                .exactly("sockets left in the forwarder", Math.max(0, objectsAfter - objectsBefore), "", 0);
        out.println();
        report.print(out, ansi);
        out.println();
        if (keep) {
            keepUp(port);
        }
        long stopNs = System.nanoTime();
        int exitCode = forwarder.stop();
        figures.exactly("forwarder's exit code on SIGTERM", exitCode, "", 0)
                .report("forwarder's stop took", elapsedMs(stopNs), "ms");
        return verdict();
    }

    private void startBackends(List<Integer> ports) throws IOException {
        for (int i = 0; i < ports.size(); i++) {
            EmbeddedBackend backend = new EmbeddedBackend("backend-" + (i + 1), ports.get(i));
            backends.add(backend);
            backend.start();
        }
        say("@|bold backends|@    " + backends.size() + " on 127.0.0.1, ports "
                + String.join(" ", ports.stream().map(String::valueOf).toList()));
    }

    private boolean startForwarder(int port) throws IOException, InterruptedException {
        directory = Files.createTempDirectory("penstock-demo-");
        Path config = Files.writeString(directory.resolve("forwarder.yaml"), DemoConfig.yaml(port, backends));
        long startNs = System.nanoTime();
        forwarder = ForwarderProcess.start(launcher, config, log(), port);
        boolean running = forwarder.awaitRunning();
        if (running) {
            say(String.format(
                    "@|bold forwarder|@   process %d on 127.0.0.1:%d, ready after %.1f s",
                    forwarder.pid(), port, elapsedMs(startNs) / 1e3));
        } else {
            say("@|bold,red the forwarder does not run|@ "
                    + (forwarder.isAlive() ? "(no state=running in time)" : "(it ended)"));
            showLog();
        }
        return running;
    }

    private boolean warmUp() throws IOException, InterruptedException {
        ClientFleet first = new ClientFleet(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), forwarder.port()), CLIENT_THREADS);
        first.start(WARM_UP_CONNECTIONS);
        if (first.await(LOAD_TIMEOUT_BASE_MS) && first.failed() == 0) {
            return true;
        }
        say("@|bold,red connections fail before anything was done to them|@");
        first.results().stream()
                .filter(result -> result.problem() != null)
                .limit(3)
                .forEach(result -> out.println("  failed: " + result.problem()));
        showLog();
        return false;
    }

    private DemoReport driveLoad() throws IOException, InterruptedException {
        EmbeddedBackend victim = backends.get(backends.size() / 2);
        say(String.format(
                "@|bold clients|@     %,d connections, %d at a time, 1 byte to 1 MiB echoed and compared at both ends",
                connections, CLIENT_THREADS));
        long startNs = System.nanoTime();
        long deadlineNs = startNs + TimeUnit.MILLISECONDS.toNanos(loadTimeoutMs());
        fleet.start((int) (connections * RETURN_AT));
        driveUntil((int) (connections * KILL_AT), deadlineNs, "");
        Kill kill = victim.kill();
        say(String.format(
                "@|bold,yellow kill|@        %s is gone: its port closed, %d connections reset",
                victim.name(), kill.openFlows().size() + kill.anonymousFlows()));
        driveUntil((int) (connections * RETURN_AT), deadlineNs, victim.name() + " is down");
        if (!fleet.await(QUIET_TIMEOUT_MS + remainingMs(deadlineNs))) {
            say("@|bold,red clients still hang|@");
        }
        while (!finished && elapsedMs(kill.endNs()) < DOWN_MIN_MS) {
            Thread.sleep(STEP_MS);
        }
        long returnedNs = System.nanoTime();
        victim.start();
        say("@|bold,green return|@      " + victim.name() + " listens again; health checks will find it");
        driveAfterReturn(victim, returnedNs, deadlineNs);
        progress.clear();
        figures.report("connections per second", fleet.completed() / (elapsedMs(startNs) / 1e3), "/s");
        return new DemoReport(backends.stream().map(EmbeddedBackend::name).toList(), fleet.results(), kill, returnedNs);
    }

    /** The rest of the load in small batches, and as many more as it takes until the backend serves again. */
    private void driveAfterReturn(EmbeddedBackend victim, long returnedNs, long deadlineNs)
            throws IOException, InterruptedException {
        boolean back = false;
        while (fleet.unfinished() == 0 && System.nanoTime() < deadlineNs) {
            int left = connections - fleet.completed();
            if (left <= 0 && (back || elapsedMs(returnedNs) > 2 * BACK_IN_TRAFFIC_MAX_MS)) {
                return;
            }
            // Sparing until it is back, so that some are left to show that it takes its share again.
            int goal = fleet.completed() + (back ? left : AFTER_RETURN_BATCH);
            fleet.start(goal - fleet.completed());
            driveUntil(goal, deadlineNs, back ? "all backends are up" : "waiting for " + victim.name());
            fleet.await(QUIET_TIMEOUT_MS + remainingMs(deadlineNs));
            if (!back && servedSince(victim, returnedNs)) {
                back = true;
                progress.say(String.format("            it serves again after %.0f ms", elapsedMs(returnedNs)));
            }
        }
    }

    private boolean servedSince(EmbeddedBackend backend, long sinceNs) {
        return fleet.results().stream()
                .anyMatch(result -> backend.name().equals(result.backend()) && result.startNs() >= sinceNs);
    }

    private void driveUntil(int completed, long deadlineNs, String note) throws InterruptedException {
        while (!finished && fleet.completed() < completed && System.nanoTime() < deadlineNs) {
            String failed = fleet.failed() == 0 ? "" : fleet.failed() + " failed";
            String both = note.isEmpty() || failed.isEmpty() ? note + failed : note + ", " + failed;
            progress.update(fleet.completed(), Math.max(connections, completed), both, System.nanoTime());
            Thread.sleep(STEP_MS);
        }
    }

    /**
     * The forwarder's open sockets and the like once it is at rest: the least of some samples, since health checks come and
     * go, and not above {@code goal} if it gets there in time.
     */
    private int quietKernelObjects(int goal) throws IOException, InterruptedException {
        int least = Integer.MAX_VALUE;
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(QUIET_TIMEOUT_MS);
        for (int sample = 0;
                sample < SAMPLES || (goal > 0 && least > goal && System.nanoTime() < deadlineNs);
                sample++) {
            if (!forwarder.isAlive()) {
                return 0;
            }
            least = Math.min(least, forwarder.openKernelObjects());
            Thread.sleep(STEP_MS);
        }
        return least;
    }

    private void keepUp(int port) throws IOException, InterruptedException {
        figures.print(out, ansi);
        out.println();
        say("Everything stays up. Ask who answers, a few times:");
        say("    @|bold curl http://127.0.0.1:" + port + "/|@");
        say("Configuration and log: " + directory);
        say("Stop it all with Enter, Ctrl-C or: kill " + ProcessHandle.current().pid());
        keeping = true;
        // At the end of standard input (it may be /dev/null) only a signal ends the wait.
        while (System.in.read() < 0) {
            Thread.sleep(Long.MAX_VALUE);
        }
        keeping = false;
    }

    private int verdict() throws IOException {
        figures.print(out, ansi);
        if (json != null) {
            figures.writeJson(json);
        }
        out.println();
        if (figures.allOk()) {
            say("@|bold,green Every promise held.|@");
        } else {
            say("@|bold,red A promise is broken.|@");
            showLog();
        }
        return figures.exitCode();
    }

    private void showLog() throws IOException {
        out.println("  the last lines of the forwarder's log:");
        for (String line : forwarder.logTail(LOG_LINES_SHOWN)) {
            out.println("    " + line);
        }
    }

    private void say(String line) {
        if (!finished) {
            progress.say(line);
        }
    }

    private Path log() {
        return directory.resolve("forwarder.log");
    }

    private long loadTimeoutMs() {
        return LOAD_TIMEOUT_BASE_MS + LOAD_TIMEOUT_PER_CONNECTION_MS * connections;
    }

    private static double elapsedMs(long sinceNs) {
        return (System.nanoTime() - sinceNs) / 1e6;
    }

    private static long remainingMs(long deadlineNs) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
    }

    private void endOnSignal() {
        if (finished) {
            return;
        }
        endEverything();
        progress.clear();
        if (keeping) {
            Runtime.getRuntime().halt(figures.exitCode());
        }
    }

    private synchronized void endEverything() {
        if (finished) {
            return;
        }
        finished = true;
        if (forwarder != null) {
            forwarder.close();
        }
        try {
            for (EmbeddedBackend backend : backends) {
                backend.close();
            }
            if (directory != null) {
                deleteDirectory();
            }
        } catch (IOException e) {
            out.println("  could not clean up: " + e.getMessage());
        }
    }

    private void deleteDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
