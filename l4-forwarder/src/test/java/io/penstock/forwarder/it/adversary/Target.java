package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.Await;
import io.penstock.forwarder.it.ForwarderProcess;
import io.penstock.forwarder.it.KernelSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The forwarder that scripts are played through, as it looks from outside between them. Owns the process. */
final class Target implements AutoCloseable {
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(20);
    private static final String CLOSED = "closed_";
    private static final String PIPE = "pipe";

    /** Pipe descriptors that may stay open between connections: two ends a pipe, two workers, 32 pipes each. */
    private static final int POOLED_PIPE_FDS_MAX = 2 * 2 * 32;

    /** What lazily loaded classes and grown queues may add to the live heap between two looks. */
    private static final long HEAP_GROWTH_MAX_BYTES = 1 << 20;

    private final ForwarderProcess forwarder;
    private final PortPool ports;
    private final Map<String, Integer> atStart;
    private long liveHeapBytes;

    private Target(ForwarderProcess forwarder, PortPool ports) throws Exception {
        this.forwarder = forwarder;
        this.ports = ports;
        // A JVM that is asked for the first time opens a socket for it, which stays.
        liveHeapBytes = forwarder.liveHeapBytes();
        atStart = forwarder.kernelObjects();
    }

    static Target start(Path directory, PortPool ports) throws Exception {
        String yaml = """
                workers: 2
                services:
                  patient:
                    listen: "%1$s:%2$s"
                    pool: peers
                    timeouts: { connect: 10s, idle: 1h, fin: 1h }
                  hasty:
                    listen: "%1$s:%3$s"
                    pool: peers
                    timeouts: { connect: 10s, idle: %4$dms, fin: %4$dms }
                pools:
                  peers: { health: none, backends: ["%5$s"] }
                """.formatted(
                        Arena.FORWARDER_ADDRESS,
                        ports.patientPorts(),
                        ports.hastyPorts(),
                        Arena.SHORT_TIMEOUT_NS / 1_000_000,
                        Arena.BACKEND_ADDRESS);
        return new Target(ForwarderProcess.start(directory, yaml), ports);
    }

    /** Waits for the last connections to end. */
    void settle() throws Exception {
        Await.until(
                () -> "all connections ended\n" + forwarder.log(),
                SETTLE_LIMIT,
                () -> forwarder.askTotals().get("connections") == 0);
        Await.until(
                () -> "no socket left in the kernel\n" + String.join("\n", connected()), SETTLE_LIMIT, () -> connected()
                        .isEmpty());
    }

    private List<String> connected() {
        try {
            return KernelSockets.connected(ports::contains);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What stays behind once it has settled: nothing but listeners, a bounded pool of pipes, the heap as it was. */
    List<String> leaks() throws Exception {
        List<String> leaks = new ArrayList<>();
        long heapBytes = forwarder.liveHeapBytes();
        if (heapBytes - liveHeapBytes > HEAP_GROWTH_MAX_BYTES) {
            leaks.add("live heap: " + heapBytes + " bytes, before " + liveHeapBytes);
        }
        Map<String, Integer> now = new TreeMap<>(forwarder.kernelObjects());
        int pipes = now.getOrDefault(PIPE, 0) - atStart.getOrDefault(PIPE, 0);
        if (pipes > POOLED_PIPE_FDS_MAX) {
            leaks.add("descriptors of pipes: " + pipes + " more than at the start");
        }
        Map<String, Integer> before = new TreeMap<>(atStart);
        before.remove(PIPE);
        now.remove(PIPE);
        if (!now.equals(before)) {
            leaks.add("descriptors: " + now + ", at the start " + before);
        }
        return leaks;
    }

    /** Remembers the live heap as it is once everything is warm. */
    void markHeap() throws Exception {
        liveHeapBytes = forwarder.liveHeapBytes();
    }

    /** What its counters say against what the peers know. */
    List<String> contradictions(Tally tally) throws Exception {
        Map<String, Long> totals = forwarder.askTotals();
        long closed = totals.keySet().stream()
                .filter(counter -> counter.startsWith(CLOSED))
                .mapToLong(totals::get)
                .sum();
        long timeouts = totals.getOrDefault("closed_idle_timeout", 0L) + totals.getOrDefault("closed_fin_timeout", 0L);
        long toBackends = totals.getOrDefault("bytes_to_backends", 0L);
        long toClients = totals.getOrDefault("bytes_to_clients", 0L);
        List<String> contradictions = new ArrayList<>();
        expect(
                totals.getOrDefault("accepted", 0L) == tally.scripts(),
                "accepted is not " + tally.scripts(),
                contradictions);
        expect(closed == tally.scripts(), "the connections closed for some reason are " + closed, contradictions);
        expect(timeouts <= tally.mayStall(), timeouts + " timeouts with " + tally.mayStall(), contradictions);
        expect(
                toBackends >= tally.receivedByBackends() && toBackends <= tally.sentByClients(),
                "backends received " + tally.receivedByBackends() + " of " + tally.sentByClients(),
                contradictions);
        expect(
                toClients >= tally.receivedByClients() && toClients <= tally.sentByBackends(),
                "clients received " + tally.receivedByClients() + " of " + tally.sentByBackends(),
                contradictions);
        for (String never : List.of("accept_paused", "closed_no_resources", "closed_stopped")) {
            expect(!totals.containsKey(never), never + " is counted", contradictions);
        }
        if (!contradictions.isEmpty()) {
            contradictions.add(new TreeMap<>(totals).toString());
        }
        return contradictions;
    }

    private static void expect(boolean holds, String otherwise, List<String> contradictions) {
        if (!holds) {
            contradictions.add("counters: " + otherwise);
        }
    }

    Map<String, Long> totals() throws Exception {
        return new TreeMap<>(forwarder.askTotals());
    }

    Map<String, Integer> kernelObjects() throws IOException {
        return forwarder.kernelObjects();
    }

    @Override
    public void close() {
        forwarder.close();
    }
}
