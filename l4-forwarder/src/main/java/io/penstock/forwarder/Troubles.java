package io.penstock.forwarder;

import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.metrics.Counters;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that something is wrong which the workers only count: one line when it begins, and while it lasts one
 * more every {@link #REPEAT_NS}. Reads counters only, on a thread of its own, {@code fwd-watch}.
 */
final class Troubles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    private static final long REPEAT_NS = 60_000_000_000L;

    private static final Map<TcpCounter, String> HINTS = hints();

    private static final class Reported {
        private long count;
        private long atNs;
        private boolean ever;
    }

    private final List<WorkerProxy> workers;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread watch = new Thread(work, "fwd-watch");
        watch.setDaemon(true);
        return watch;
    });
    private final Map<TcpCounter, Reported> reported = new EnumMap<>(TcpCounter.class);

    /** Looks at these workers' counters every second from now on. */
    Troubles(List<WorkerProxy> workers) {
        this.workers = workers;
        Future<?> unused = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private static Map<TcpCounter, String> hints() {
        Map<TcpCounter, String> hints = new EnumMap<>(TcpCounter.class);
        hints.put(TcpCounter.ACCEPT_PAUSED, "out of descriptors or memory, new clients wait; raise LimitNOFILE");
        hints.put(TcpCounter.HELD_BY_SERVICE, "a service is at limits.connections, new clients wait in the kernel");
        hints.put(TcpCounter.HELD_BY_PROCESS, "limits.connections of the process are reached, new clients wait");
        hints.put(TcpCounter.HELD_BY_RATE, "clients of a service come faster than limits.rate, and wait in the kernel");
        hints.put(TcpCounter.CLOSED_SOURCE_CONNECTIONS, "clients were reset because their source has too many open");
        hints.put(TcpCounter.CLOSED_SOURCE_RATE, "clients were reset because their source connects too fast");
        hints.put(TcpCounter.CLOSED_FIRST_BYTE_TIMEOUT, "clients that sent nothing were reset");
        hints.put(TcpCounter.SOURCES_UNTRACKED, "more sources than limits.per-source.sources, some are not limited");
        hints.put(TcpCounter.CLOSED_NO_RESOURCES, "clients were reset for want of descriptors or memory");
        hints.put(
                TcpCounter.PORTS_EXHAUSTED,
                "no port is left towards a backend; widen net.ipv4.ip_local_port_range or give the pool more source addresses");
        hints.put(
                TcpCounter.SOURCES_MISSING,
                "no source address of a pool is this host's, or transparent clients are of another family than backends");
        hints.put(TcpCounter.CLOSED_NO_BACKEND, "clients were reset because no backend of their pool is up");
        hints.put(TcpCounter.CLOSED_CONNECT_FAILED, "clients were reset because every backend that was tried failed");
        hints.put(
                TcpCounter.CLOSED_QUEUE_TIMEOUT,
                "clients were reset because no place at a backend became free in time");
        hints.put(
                TcpCounter.CLOSED_QUEUE_FULL,
                "clients were reset because backends are at their limits and none may wait");
        hints.put(
                TcpCounter.CLOSED_PROXY_HEADER_INVALID,
                "clients that proxy-protocol trusts were reset, since they came without a right header");
        hints.put(
                TcpCounter.CLOSED_PROXY_HEADER_TIMEOUT,
                "clients that proxy-protocol trusts were reset, since their header was not whole in time");
        hints.put(TcpCounter.QUEUED, "backends are at their limits, clients wait in the queue of their pool");
        hints.put(TcpCounter.CONNECT_FAILED, "connects to backends fail, the next backend is tried");
        hints.put(TcpCounter.PEEKED_READS, "memory for peers that do not read is used up");
        return hints;
    }

    private void look() {
        long nowNs = System.nanoTime();
        Map<TcpCounter, Long> sums = Counters.sum(
                TcpCounter.class, workers.stream().map(WorkerProxy::tcpCounters).toList());
        HINTS.forEach((counter, hint) -> {
            long count = sums.get(counter);
            Reported last = reported.computeIfAbsent(counter, key -> new Reported());
            if (count > last.count && (!last.ever || nowNs - last.atNs >= REPEAT_NS)) {
                LOG.warn(
                        "event=trouble counter={} new={} total={} meaning=\"{}\"",
                        counter.name().toLowerCase(Locale.ROOT),
                        count - last.count,
                        count,
                        hint);
                last.count = count;
                last.atNs = nowNs;
                last.ever = true;
            }
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
