package io.penstock.forwarder.control;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.health.AgentReport;
import io.penstock.net.IpAddress;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the one control thread, {@code fwd-ctl}, does: names, checks, agents and the traffic's own failures come in as
 * events, and each change of who takes connections goes out as the next {@link ForwardingTable}. All fields belong to
 * that thread, but for what the constructor and {@link #publication} hand out.
 */
public final class Controller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    /** What is due sooner waits for this: many members come back at once, and each step of theirs costs a table. */
    private static final long TICK_NS = 100_000_000;

    private final ForwardingTableBuilder builder;
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final ControlThread thread = new ControlThread();
    private final NameWatches names = new NameWatches(thread);
    private final MemberWatches probes = new MemberWatches(thread, new ProbeListener());
    private final TransitionLog transitions = new TransitionLog(Clock.systemUTC());
    private final TablePublication publication;

    /** What the log said last of each pool. */
    private final Map<Pool, String> loggedSizes = new HashMap<>();

    private List<WorkerProxy> workers = List.of();
    private boolean rebuildQueued;

    /** Weights that are in no table wait for the next tick, or for a table that cannot. */
    private boolean weightsWait;

    private boolean draining;

    /** Resolves the names of the configuration, for a bounded time, and publishes the first table. */
    public Controller(ForwarderConfig config, ClientPlaces clients) throws InterruptedException {
        builder = new ForwardingTableBuilder(config.services().values(), config.flowHash(), clients.zones());
        for (PoolConfig pool : config.pools().values()) {
            pools.put(pool.name(), pool(config, clients, pool, System.nanoTime()));
        }
        publication = new TablePublication(builder.next(pools));
        names.start(pools.values(), this::onNameResolved);
        // The answers are known; the table made of them stands in the queue before this.
        CountDownLatch firstTable = new CountDownLatch(1);
        thread.execute(firstTable::countDown);
        firstTable.await();
    }

    private Pool pool(ForwarderConfig config, ClientPlaces clients, PoolConfig pool, long nowNs) {
        return new Pool(
                pool,
                new PoolMembers(pool, transitions, nowNs),
                new PoolBuilder(pool, config.flowHash(), config.place(), clients.places()),
                member -> thread.execute(() -> onAlarm(pools.get(pool.name()), member)),
                nowNs);
    }

    /** Where workers find the current table. */
    public TablePublication publication() {
        return publication;
    }

    /** Begins to check backends and to tell these workers of each new table. */
    public void start(List<WorkerProxy> proxies) {
        thread.execute(() -> {
            workers = List.copyOf(proxies);
            pools.values().forEach(pool -> {
                pool.onStarted();
                probes.watch(pool);
            });
            queueRebuild();
            setAlarm();
        });
    }

    /** Lets every worker finish what is open; health checks end, as nothing new is placed. */
    public void drain() {
        thread.execute(() -> {
            draining = true;
            workers.forEach(worker -> {
                if (!worker.tryDrain()) {
                    LOG.error("event=command-refused worker={} command=drain", worker.name());
                }
            });
        });
        names.close();
        probes.close();
    }

    private void onNameResolved(Pool pool, BackendConfig backend, List<IpAddress> addresses) {
        if (draining || !pool.onResolved(backend, addresses, System.nanoTime())) {
            return;
        }
        LOG.info(
                "event=name-changed backend={}/{} name={} addresses={}",
                pool.config().name(),
                backend.id(),
                backend.host(),
                addresses);
        if (pool.size() > pool.capacity()) {
            LOG.warn(
                    "event=pool-too-big pool={} backends={} used={} effect=\"raise balance.table-size\"",
                    pool.config().name(),
                    pool.size(),
                    pool.capacity());
        }
        if (!workers.isEmpty()) {
            probes.watch(pool);
        }
        onChange(true);
    }

    /** Hears of members that are watched now. */
    private final class ProbeListener implements MemberWatches.Listener {
        @Override
        public void onCheck(Pool pool, Member member, boolean up, String evidence) {
            onChange(pool.onCheck(member, up, evidence, System.nanoTime()));
        }

        @Override
        public void onAgent(Pool pool, Member member, AgentReport report) {
            boolean changed = pool.onAgent(member, report, System.nanoTime());
            // Maintenance stops checks, and its end begins them anew.
            probes.watch(pool);
            onChange(changed);
        }
    }

    private void onAlarm(Pool pool, Member member) {
        onChange(pool.onAlarm(member, System.nanoTime()));
    }

    private void onTime() {
        long nowNs = System.nanoTime();
        boolean changed = weightsWait;
        for (Pool pool : pools.values()) {
            changed |= pool.onTime(nowNs);
        }
        if (changed) {
            queueRebuild();
        }
        setAlarm();
    }

    /** Who comes in or goes out does so at once; many agents may change weights at any time, which costs tables too. */
    private void onChange(boolean tableOutOfDate) {
        if (pools.values().stream().anyMatch(Pool::isEligibilityOutOfDate)) {
            queueRebuild();
        } else {
            weightsWait |= tableOutOfDate;
        }
        setAlarm();
    }

    /** Nothing is due in a pool without time in its configuration: no tick, no wake-up. */
    private void setAlarm() {
        long deadlineNs = weightsWait ? System.nanoTime() : MemberState.NEVER;
        for (Pool pool : pools.values()) {
            deadlineNs = Math.min(deadlineNs, pool.deadlineNs());
        }
        if (deadlineNs != MemberState.NEVER && !draining) {
            long nowNs = System.nanoTime();
            thread.wakeAt(Math.max(deadlineNs, nowNs + TICK_NS), nowNs, this::onTime);
        }
    }

    /** Events that are already waiting go into the same table: a rack that fails is one change, not forty. */
    private void queueRebuild() {
        if (!rebuildQueued) {
            rebuildQueued = true;
            weightsWait = false;
            thread.execute(this::rebuild);
        }
    }

    private void rebuild() {
        rebuildQueued = false;
        ForwardingTable table = builder.next(pools);
        publication.publish(table);
        workers.forEach(WorkerProxy::onTablePublished);
        pools.values().forEach(pool -> log(pool, table.version()));
    }

    /** Weights may change with every table; that is not worth a line. */
    private void log(Pool pool, long version) {
        String sizes = "eligible=" + pool.current().size() + " backends=" + pool.size();
        if (!sizes.equals(loggedSizes.put(pool, sizes))) {
            LOG.info("event=table version={} pool={} {}", version, pool.config().name(), sizes);
        }
    }

    /** Ends the probes, the look-ups and the control thread; no proxy is used after this returns. */
    @Override
    public void close() {
        names.close();
        probes.close();
        thread.close();
    }
}
