package io.penstock.forwarder;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.tcp.TcpCounter;
import io.penstock.forwarder.udp.UdpCounter;
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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that something is wrong which the workers only count: one line when it begins, and while it lasts one
 * more every {@link #REPEAT_NS}. Reads counters only, on a thread of its own, {@code fwd-watch}, which lets workers' latencies
 * roll on besides.
 */
final class Troubles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    private static final long REPEAT_NS = 60_000_000_000L;

    private final List<WorkerProxy> workers;
    private final List<Watch<?>> watches;
    private final EventLog events;
    private final Runnable beside;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread watch = new Thread(work, "fwd-watch");
        watch.setDaemon(true);
        return watch;
    });

    /**
     * Looks at these workers' counters every second from now on.
     *
     * @param beside done as often
     */
    Troubles(List<WorkerProxy> workers, EventLog events, Runnable beside) {
        this.beside = beside;
        this.events = events;
        this.workers = workers;
        watches = List.of(
                new Watch<>(
                        "",
                        TcpCounter.class,
                        workers.stream().map(WorkerProxy::tcpCounters).toList(),
                        TroubleHints.TCP),
                new Watch<>(
                        "udp_",
                        UdpCounter.class,
                        workers.stream().map(WorkerProxy::udpCounters).toList(),
                        TroubleHints.UDP));
        Future<?> unused = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        long nowNs = System.nanoTime();
        watches.forEach(watch -> watch.look(nowNs, this::report));
        workers.forEach(worker -> worker.rollLatencies(nowNs));
        beside.run();
    }

    /** One counter that has grown. */
    private record Trouble(String counter, long more, long total, String meaning) {}

    private void report(Trouble trouble) {
        LOG.warn(
                "event=trouble counter={} new={} total={} meaning=\"{}\"",
                trouble.counter,
                trouble.more,
                trouble.total,
                trouble.meaning);
        events.add(
                EventType.TROUBLE,
                Level.WARN,
                trouble.counter,
                trouble.more + " times: " + trouble.meaning,
                EventDetails.NONE
                        .and("new", trouble.more)
                        .and("total", trouble.total)
                        .and("meaning", trouble.meaning));
    }

    private static final class Reported {
        private long count;
        private long atNs;
        private boolean ever;
    }

    /** The counters of one protocol; their names in the log begin with its prefix. */
    private static final class Watch<E extends Enum<E>> {
        private final String prefix;
        private final Class<E> type;
        private final List<Counters<E>> counters;
        private final Map<E, String> hints;
        private final Map<E, Reported> reported;

        private Watch(String prefix, Class<E> type, List<Counters<E>> counters, Map<E, String> hints) {
            this.prefix = prefix;
            this.type = type;
            this.counters = counters;
            this.hints = hints;
            reported = new EnumMap<>(type);
        }

        private void look(long nowNs, Consumer<Trouble> report) {
            Map<E, Long> sums = Counters.sum(type, counters);
            hints.forEach((counter, hint) -> {
                long count = sums.get(counter);
                Reported last = reported.computeIfAbsent(counter, key -> new Reported());
                if (count > last.count && (!last.ever || nowNs - last.atNs >= REPEAT_NS)) {
                    report.accept(new Trouble(
                            prefix + counter.name().toLowerCase(Locale.ROOT), count - last.count, count, hint));
                    last.count = count;
                    last.atNs = nowNs;
                    last.ever = true;
                }
            });
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
