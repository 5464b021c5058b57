package io.penstock.forwarder.control;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.health.HealthMonitor;
import io.penstock.health.HealthPlan;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefixMap;
import io.penstock.process.BugHandler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one control thread, {@code fwd-ctl}: names and health come in as events, and each change of the members of a pool
 * goes out as the next {@link ForwardingTable}. All fields belong to that thread, but for what the constructor and
 * {@link #publication} hand out.
 */
public final class Controller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    /** How long a start waits for names; those that take longer join when they are known. */
    private static final long FIRST_NAMES_MS = 3_000;

    private final ForwardingTableBuilder builder;
    private final Map<String, PoolMembers> pools = new LinkedHashMap<>();
    private final Map<String, HealthMonitor.Watch> watches = new HashMap<>();
    private final Set<String> failingNames = new HashSet<>();
    private final ExecutorService thread;
    private final NameResolver resolver = new NameResolver();
    private final HealthMonitor health = new HealthMonitor("fwd-probe");
    private final TablePublication publication;

    private List<WorkerProxy> workers = List.of();
    private boolean rebuildQueued;
    private boolean draining;

    /** Resolves the names of the configuration, for a bounded time, and publishes the first table. */
    public Controller(ForwarderConfig config) throws InterruptedException {
        builder = new ForwardingTableBuilder(config.services().values(), config.flowHash(), IpPrefixMap.EMPTY);
        for (PoolConfig pool : config.pools().values()) {
            pools.put(pool.name(), new PoolMembers(pool, config.flowHash()));
        }
        thread = Executors.newSingleThreadExecutor(work -> BugHandler.thread(work, "fwd-ctl"));
        publication = new TablePublication(builder.next(pools));
        CountDownLatch firstAnswers = new CountDownLatch(
                pools.values().stream().mapToInt(pool -> pool.named().size()).sum());
        pools.values().forEach(pool -> pool.named().forEach(backend -> watchName(pool, backend, firstAnswers)));
        if (!firstAnswers.await(FIRST_NAMES_MS, TimeUnit.MILLISECONDS)) {
            LOG.warn("event=names-pending count={} waited={}ms", firstAnswers.getCount(), FIRST_NAMES_MS);
        }
        // The answers are known; the table made of them stands in the queue before this.
        CountDownLatch firstTable = new CountDownLatch(1);
        execute(firstTable::countDown);
        firstTable.await();
    }

    /** Where workers find the current table. */
    public TablePublication publication() {
        return publication;
    }

    /** Begins to check backends and to tell these workers of each new table. */
    public void start(List<WorkerProxy> proxies) {
        execute(() -> {
            workers = List.copyOf(proxies);
            pools.values().forEach(this::watchMembers);
            queueRebuild();
        });
    }

    /** Lets every worker finish what is open; health checks end, as nothing new is placed. */
    public void drain() {
        execute(() -> {
            draining = true;
            workers.forEach(worker -> {
                if (!worker.tryDrain()) {
                    LOG.error("event=command-refused worker={} command=drain", worker.name());
                }
            });
        });
        resolver.close();
        health.close();
    }

    private void watchName(PoolMembers pool, BackendConfig backend, CountDownLatch firstAnswers) {
        String where = pool.config().name() + "/" + backend.id();
        resolver.watch(backend.host(), pool.config().resolveInterval(), new NameResolver.Listener() {
            @Override
            public void onResolved(List<IpAddress> addresses) {
                execute(() -> {
                    if (failingNames.remove(where)) {
                        LOG.info("event=name-resolves backend={} name={}", where, backend.host());
                    }
                    onNameResolved(pool, backend, addresses);
                    firstAnswers.countDown();
                });
            }

            @Override
            public void onFailed(String reason) {
                execute(() -> {
                    if (failingNames.add(where)) {
                        LOG.warn(
                                "event=name-fails backend={} name={} reason=\"{}\" kept={}",
                                where,
                                backend.host(),
                                reason,
                                pool.size());
                    }
                    firstAnswers.countDown();
                });
            }
        });
    }

    private void onNameResolved(PoolMembers pool, BackendConfig backend, List<IpAddress> addresses) {
        if (!draining && pool.onResolved(backend, addresses)) {
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
                watchMembers(pool);
            }
            queueRebuild();
        }
    }

    /** Checks exactly the members that the pool has now. */
    private void watchMembers(PoolMembers pool) {
        Map<String, Backend> members = pool.members();
        String prefix = watchKey(pool, "");
        for (Iterator<Map.Entry<String, HealthMonitor.Watch>> all =
                        watches.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<String, HealthMonitor.Watch> watch = all.next();
            String key = watch.getKey();
            if (key.startsWith(prefix) && !members.containsKey(key.substring(prefix.length()))) {
                watch.getValue().close();
                all.remove();
            }
        }
        members.values()
                .forEach(member -> watches.computeIfAbsent(watchKey(pool, member.id()), key -> pool.checkedPort(member)
                        .map(port -> watch(pool, member, port))
                        .orElse(null)));
    }

    private HealthMonitor.Watch watch(PoolMembers pool, Backend member, int port) {
        HealthPlan plan = pool.config().health().orElseThrow();
        // Told apart from an earlier watch of the same member, whose last words may still be in the queue.
        AtomicReference<HealthMonitor.Watch> self = new AtomicReference<>();
        self.set(health.watch(
                new Endpoint(member.address(), port),
                plan,
                (up, evidence) -> execute(() -> onHealth(pool, member, self.get(), up, evidence))));
        return self.get();
    }

    private void onHealth(PoolMembers pool, Backend member, HealthMonitor.Watch source, boolean up, String evidence) {
        if (watches.get(watchKey(pool, member.id())) == source && pool.onHealth(member.id(), up)) {
            LOG.info(
                    "event=health backend={}/{} state={} evidence=\"{}\"",
                    pool.config().name(),
                    member.id(),
                    up ? "up" : "down",
                    evidence);
            queueRebuild();
        }
    }

    private static String watchKey(PoolMembers pool, String memberId) {
        return pool.config().name() + "\n" + memberId;
    }

    /** Events that are already waiting go into the same table: a rack that fails is one change, not forty. */
    private void queueRebuild() {
        if (!rebuildQueued) {
            rebuildQueued = true;
            execute(this::rebuild);
        }
    }

    private void rebuild() {
        rebuildQueued = false;
        ForwardingTable table = builder.next(pools);
        publication.publish(table);
        workers.forEach(WorkerProxy::onTablePublished);
        pools.values()
                .forEach(pool -> LOG.info(
                        "event=table version={} pool={} eligible={} backends={}",
                        table.version(),
                        pool.config().name(),
                        pool.eligible().size(),
                        pool.size()));
    }

    private void execute(Runnable action) {
        try {
            thread.execute(action);
        } catch (RejectedExecutionException e) {
            LOG.debug("event=late-event reason=stopping", e);
        }
    }

    /** Ends the probes, the look-ups and the control thread; no proxy is used after this returns. */
    @Override
    public void close() {
        resolver.close();
        health.close();
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    LOG.error("event=slow-stop thread=fwd-ctl");
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
