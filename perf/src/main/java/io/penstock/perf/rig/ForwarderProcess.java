package io.penstock.perf.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The forwarder as an operator runs it: a process, started through its launcher, seen only from outside. Its log goes to
 * a file. {@link #close} ends the process, by force when it does not go by itself.
 */
public final class ForwarderProcess implements AutoCloseable {
    /** Generous for a JVM on a busy small machine. */
    private static final long START_TIMEOUT_MS = 30_000;

    /** More than the drain timeout in the demo's configuration. */
    private static final long STOP_TIMEOUT_MS = 15_000;

    private static final long KILLED_TIMEOUT_MS = 5_000;
    private static final long POLL_MS = 20;
    private static final int CONNECT_TIMEOUT_MS = 200;
    private static final String RUNNING = "state=running";

    private final Process process;
    private final Path log;
    private final int port;

    private ForwarderProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts {@code launcher run -c config}; returns at once. */
    public static ForwarderProcess start(Path launcher, Path config, Path log, int port) throws IOException {
        return start(launcher, config, log, port, Map.of());
    }

    /** As above, with more variables in its environment. */
    public static ForwarderProcess start(
            Path launcher, Path config, Path log, int port, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "run", "-c", config.toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ForwarderProcess(process, log, port);
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the forwarder says that it runs and its port answers; false when it ended or took too long. */
    public boolean awaitRunning() throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MS);
        while (process.isAlive() && System.nanoTime() < deadlineNs) {
            if (logText().contains(RUNNING) && accepts()) {
                return true;
            }
            Thread.sleep(POLL_MS);
        }
        return false;
    }

    private boolean accepts() {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Open sockets, pipes, epoll instances and the like. Files are left out: a JVM opens its jars when it first needs a
     * class of them.
     */
    public int openKernelObjects() throws IOException {
        int count = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    if (!Files.readSymbolicLink(descriptor).isAbsolute()) {
                        count++;
                    }
                } catch (IOException closedMeanwhile) {
                    // Then it does not count.
                }
            }
        }
        return count;
    }

    /** Asks politely (SIGTERM) and returns the exit code; when that takes too long, kills and returns SIGKILL's 137. */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    public List<String> logTail(int lines) throws IOException {
        List<String> all = logText().lines().toList();
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    private String logText() throws IOException {
        return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
    }

    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(KILLED_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
