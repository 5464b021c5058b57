package io.penstock.perf.idle;

import io.penstock.perf.Figures;
import io.penstock.perf.rig.ForwarderProcess;
import io.penstock.perf.rig.JvmMemory;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Opens thousands of connections through a real forwarder, leaves them idle, and asks its JVM what they cost. */
@Command(
        name = "idle-memory",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Memory of an idle connection: JVM heap plus everything off the heap, kernel memory not counted.")
public final class IdleMemory implements Callable<Integer> {
    /** The promise: an idle connection owns no buffer and no pipe. */
    private static final int GOAL_BYTES = 2048;

    /** Less than any Java object graph of a connection: a measurement that sees less has failed. */
    private static final int LEAST_HEAP_BYTES = 100;

    /** Sockets, jars and pipes beside those of the connections. */
    private static final int OTHER_DESCRIPTORS = 300;

    /** Enough for the JIT compiler to be done with the path of a connection, on one or two slots. */
    private static final int WARM_UP_CONNECTIONS = 15_000;

    private static final long CLOSE_TIMEOUT_MS = 20_000;
    private static final long POLL_MS = 50;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "9000",
            description = "idle connections (default: ${DEFAULT-VALUE}); each takes two descriptors here and there")
    private int connections;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--forwarder", paramLabel = "FILE", required = true, description = "the forwarder's launcher")
    private Path launcher;

    public static void main(String[] args) {
        System.exit(new CommandLine(new IdleMemory()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        long needed = 2L * connections + OTHER_DESCRIPTORS;
        if (needed > descriptorLimit()) {
            throw new ParameterException(
                    spec.commandLine(),
                    connections + " connections need " + needed + " descriptors, the limit is " + descriptorLimit()
                            + " (ulimit -n)");
        }
        Path directory = Files.createTempDirectory("penstock-idle");
        Path config = directory.resolve("forwarder.yaml");
        Path log = directory.resolve("forwarder.log");
        Figures figures = new Figures();
        try (EchoBackend backend = new EchoBackend()) {
            int port = LoopbackPorts.pick(1).get(0);
            Files.writeString(config, yaml(port, backend.port()));
            Map<String, String> environment = Map.of("PENSTOCK_JAVA_OPTS", "-XX:NativeMemoryTracking=summary");
            try (ForwarderProcess forwarder = ForwarderProcess.start(launcher, config, log, port, environment)) {
                Runtime.getRuntime().addShutdownHook(new Thread(forwarder::close));
                if (!forwarder.awaitRunning()) {
                    forwarder.logTail(20).forEach(out::println);
                    return 1;
                }
                out.printf("%,d connections, one byte each way, then silence%n", connections);
                measure(forwarder, figures);
            }
        } finally {
            Files.deleteIfExists(config);
            Files.deleteIfExists(log);
            Files.deleteIfExists(directory);
        }
        figures.print(out, Ansi.AUTO);
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    private void measure(ForwarderProcess forwarder, Figures figures) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UP_CONNECTIONS; i++) {
            connect(forwarder.port()).close();
        }
        JvmMemory.of(forwarder.pid());
        int descriptorsBefore = awaitDescriptors(forwarder, 0);
        JvmMemory before = JvmMemory.of(forwarder.pid());
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                idle.add(connect(forwarder.port()));
            }
            JvmMemory after = JvmMemory.of(forwarder.pid());
            double heap = (after.heapBytes() - before.heapBytes()) / (double) connections;
            double offHeap = (after.offHeapBytes() - before.offHeapBytes()) / (double) connections;
            double resident = (after.residentBytes() - before.residentBytes()) / (double) connections;
            figures.report("idle.connections", connections, "");
            figures.report("idle.heap", heap, "B/conn");
            figures.report("idle.off-heap", offHeap, "B/conn");
            // The JVM gives memory of its own back now and then; that must not make a connection look free.
            figures.atMost("idle.heap-and-off-heap", heap + Math.max(0, offHeap), "B/conn", GOAL_BYTES);
            figures.atLeast("idle.heap-is-seen", heap, "B/conn", LEAST_HEAP_BYTES);
            figures.report("idle.resident-set", resident, "B/conn");
            figures.report("idle.process-resident-set", after.residentBytes() / 1048576.0, "MiB");
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
        int left = awaitDescriptors(forwarder, descriptorsBefore) - descriptorsBefore;
        figures.exactly("idle.descriptors-left", Math.max(0, left), "", 0);
    }

    /** The hard limit: a JVM raises its soft limit to it. */
    private static long descriptorLimit() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                String hard = line.substring("Max open files".length()).trim().split("\\s+", -1)[1];
                return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
            }
        }
        return Long.MAX_VALUE;
    }

    /** Connects and has one byte echoed, so that the connection is whole on both sides. */
    private static SocketChannel connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.write(one);
        one.clear();
        if (channel.read(one) != 1) {
            channel.close();
            throw new IOException("a connection through the forwarder was not served");
        }
        return channel;
    }

    /** Until the forwarder's count is at most {@code wanted}, or stands still for a while; the count. */
    private static int awaitDescriptors(ForwarderProcess forwarder, int wanted)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + CLOSE_TIMEOUT_MS * 1_000_000;
        int count = forwarder.openKernelObjects();
        int same = 0;
        while (count > wanted && same < 10 && System.nanoTime() < deadlineNs) {
            Thread.sleep(POLL_MS);
            int now = forwarder.openKernelObjects();
            same = now == count ? same + 1 : 0;
            count = now;
        }
        return count;
    }

    private static String yaml(int port, int backendPort) {
        return """
                drain-timeout: 1s
                services:
                  idle:
                    listen: "127.0.0.1:%d"
                    pool: echo
                pools:
                  echo:
                    health: none
                    backends: ["127.0.0.1:%d"]
                """.formatted(port, backendPort);
    }
}
