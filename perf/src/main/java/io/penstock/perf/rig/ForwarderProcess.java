package io.penstock.perf.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The forwarder as an operator runs it: a process, started through its launcher, seen only from outside. Its log goes to
 * a file. {@link #close} ends the process, by force when it does not go by itself.
 */
public final class ForwarderProcess implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 200;
    private static final String RUNNING = "state=running";

    private final ServerProcess process;
    private final int port;

    private ForwarderProcess(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts {@code launcher run -c config}; returns at once. */
    public static ForwarderProcess start(Path launcher, Path config, Path log, int port) throws IOException {
        return start(launcher, config, log, port, Map.of());
    }

    /** As above, with more variables in its environment. */
    public static ForwarderProcess start(
            Path launcher, Path config, Path log, int port, Map<String, String> environment) throws IOException {
        return new ForwarderProcess(ServerProcess.start(command(launcher, config), log, environment), port);
    }

    /** The words that run it. */
    public static List<String> command(Path launcher, Path config) {
        return List.of(launcher.toString(), "run", "-c", config.toString());
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
        return process.await(() -> saysRunning() && accepts());
    }

    private boolean saysRunning() {
        try {
            return process.logText().contains(RUNNING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
     * Open sockets, epoll instances and the like. Files are left out: a JVM opens its jars when it first needs a class of
     * them. So are pipes, of which a worker keeps a few for the next transfer.
     */
    public int openKernelObjects() throws IOException {
        return openKernelObjects(process.pid());
    }

    /** Of any process, as above. */
    public static int openKernelObjects(long pid) throws IOException {
        int count = 0;
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    Path target = Files.readSymbolicLink(descriptor);
                    if (!target.isAbsolute() && !target.toString().startsWith("pipe:")) {
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
        return process.stop();
    }

    public List<String> logTail(int lines) throws IOException {
        return process.logTail(lines);
    }

    @Override
    public void close() {
        process.close();
    }
}
