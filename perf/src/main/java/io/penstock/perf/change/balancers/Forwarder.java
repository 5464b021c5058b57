package io.penstock.perf.change.balancers;

import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.JvmMemory;
import io.penstock.perf.rig.ProcessUsage;
import io.penstock.perf.rig.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One process of ours with a configuration of its own, seen from outside. */
public final class Forwarder implements AutoCloseable {
    private static final String RUNNING = "state=running";
    private static final int LOG_LINES_SHOWN = 10;

    /** So that its heap can be asked for. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PENSTOCK_JAVA_OPTS", "-XX:NativeMemoryTracking=summary");

    private final ServerProcess process;

    private Forwarder(ServerProcess process) {
        this.process = process;
    }

    /**
     * Returns once it accepts.
     *
     * @param launcher of the forwarder
     * @param directory for its files, empty
     * @param yaml its configuration, without {@code drain-timeout}
     */
    public static Forwarder start(Path launcher, Path directory, Cores cores, String yaml)
            throws IOException, InterruptedException {
        return start(launcher, directory, yaml, words -> cores.forMeasured(words));
    }

    /** As above, with at most so many descriptors. */
    public static Forwarder startWithDescriptors(int limit, Path launcher, Path directory, Cores cores, String yaml)
            throws IOException, InterruptedException {
        return start(launcher, directory, yaml, words -> {
            List<String> limited = new ArrayList<>(List.of("prlimit", "--nofile=" + limit + ":" + limit));
            limited.addAll(words);
            return cores.forMeasured(limited);
        });
    }

    /** What a command is run with. */
    @FunctionalInterface
    private interface Wrapping {
        List<String> wrap(List<String> words);
    }

    private static Forwarder start(Path launcher, Path directory, String yaml, Wrapping wrapping)
            throws IOException, InterruptedException {
        Path config = directory.resolve("forwarder.yaml");
        Path log = directory.resolve("forwarder.log");
        Files.writeString(config, "drain-timeout: 1s\n" + yaml);
        ServerProcess process =
                ServerProcess.start(wrapping.wrap(ForwarderProcess.command(launcher, config)), log, ENVIRONMENT);
        Forwarder forwarder = new Forwarder(process);
        if (!process.await(() -> isRunning(process))) {
            forwarder.close();
            throw new IOException("did not start: " + String.join("\n", process.logTail(LOG_LINES_SHOWN)));
        }
        return forwarder;
    }

    private static boolean isRunning(ServerProcess process) {
        try {
            return process.logText().contains(RUNNING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails with its last words when it has ended. */
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("ended: " + String.join("\n", process.logTail(LOG_LINES_SHOWN)));
        }
    }

    /** Sockets, epoll instances and the like. */
    public int openKernelObjects() throws IOException {
        return ForwarderProcess.openKernelObjects(process.pid());
    }

    /** Live objects, after a full collection; takes about a second. */
    public long heapBytes() throws IOException, InterruptedException {
        return memory().heapBytes();
    }

    /** As its JVM accounts for it after a full collection; takes about a second. */
    public JvmMemory memory() throws IOException, InterruptedException {
        return JvmMemory.of(process.pid());
    }

    public ProcessUsage usage() throws IOException {
        return ProcessUsage.of(List.of(process.pid()));
    }

    @Override
    public void close() {
        process.close();
    }
}
