package io.penstock.forwarder.control;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.HealthViews;
import io.penstock.forwarder.operate.PoolTraffic;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.TablePublication;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.health.AgentReport;
import io.penstock.metrics.BucketCounts;
import io.penstock.metrics.BucketScale;
import io.penstock.metrics.SharedBuckets;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
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

    /** 64 us to 2.1 s: from a pool of two to 500 backends in a table of millions. */
    private static final BucketScale BUILD_SCALE = BucketScale.ofNanos(1_000, 6, 21);

    private final SharedBuckets tableBuilds = new SharedBuckets(BUILD_SCALE);
    private final ForwardingTableBuilder builder = new ForwardingTableBuilder();
    private final ControlThread thread = new ControlThread("fwd-ctl");
    private final NameWatches names = new NameWatches(thread, this::onNameResolved);
    private final ProbeTargets targets = new ProbeTargets();
    private final MemberWatches probes = new MemberWatches(thread, targets, new ProbeListener());
    private final PacketTables packets = new PacketTables(targets);
    private final TransitionLog transitions;
    private final RunningPools pools;
    private final HealthBoard board;
    private final PoolLog poolLog;
    private final ListenerLog listenerLog;
    private final TablePublication publication;
    private final AtomicLong turns = new AtomicLong();

    /** For those who ask of health, who are to hear of its trouble though this thread has none to tell it. */
    private volatile PacketPlane plane = PacketPlane.NONE;

    private FlowHash flowHash;
    private List<ServiceConfig> services = List.of();
    private List<WorkerProxy> workers = List.of();
    private Listeners listeners = Listeners.NONE;
    private ShareWatch shares = new ShareWatch(unused -> {});
    private boolean started;
    private boolean rebuildQueued;

    /** Weights that are in no table wait for the next tick, or for a table that cannot. */
    private boolean weightsWait;

    private boolean draining;

    /** Resolves the names of the configuration, for a bounded time, and publishes the first table. */
    public Controller(ForwarderConfig config, ClientPlaces clients, EventLog events) throws InterruptedException {
        transitions = new TransitionLog(events);
        pools = new RunningPools(transitions, (pool, member) -> thread.execute(() -> onAlarm(pool, member)));
        board = new HealthBoard(events);
        poolLog = new PoolLog(events);
        listenerLog = new ListenerLog(events);
        flowHash = config.flowHash();
        Map<String, List<IpAddress>> addresses = names.lookUp(namesIn(config));
        Collection<Pool> unused = configure(config, clients, Set.of(), addresses);
        publication = new TablePublication(build());
        board.onPools(pools.all(), System.nanoTime());
        thread.execute(() -> pools.all().forEach(names::watch));
    }

    private static Set<String> namesIn(ForwarderConfig config) {
        return config.pools().values().stream()
                .flatMap(pool -> PoolMembers.named(pool).stream())
                .map(BackendConfig::host)
                .collect(Collectors.toSet());
    }

    /** The next table is made so; pools that are gone. */
    private Collection<Pool> configure(
            ForwarderConfig config, ClientPlaces clients, Set<String> closed, Map<String, List<IpAddress>> addresses) {
        // Without a secret each reading of the file brings another random key, for no reason to move clients.
        flowHash = config.sharedSecret() ? config.flowHash() : flowHash;
        services = List.copyOf(config.services().values());
        builder.onConfig(config.proxyServices(), config.maxConnections(), flowHash, clients.zones(), closed);
        packets.onConfig(config, flowHash, closed);
        targets.onConfig(config, closed);
        board.onConfig(services, closed);
        return pools.onConfig(
                config.pools().values(),
                new PoolSetting(flowHash, config.place(), clients.places()),
                addresses,
                System.nanoTime());
    }

    /** Where workers find the current table. */
    public TablePublication publication() {
        return publication;
    }

    /**
     * Begins to check backends and to tell these workers of each new table.
     *
     * @param goesOn whether another process served the same clients until now, so that health is as it seems at once, and
     *     not unknown until checks have had results
     */
    public void start(List<WorkerProxy> proxies, Listeners sockets, boolean goesOn) {
        thread.execute(() -> {
            workers = List.copyOf(proxies);
            started = true;
            listeners = sockets;
            listenerLog.onListening(services);
            pools.onStarted();
            board.onStarted(goesOn ? Set.of() : pools.all(), System.nanoTime());
            pools.all().forEach(probes::watch);
            queueRebuild();
            setAlarm();
        });
    }

    /** Has the plane forward packets, from the next table on; before {@link #start}, or before a configuration that needs it. */
    public void tell(PacketPlane forwards) {
        plane = forwards;
        thread.execute(() -> {
            packets.use(forwards);
            targets.use(forwards);
            packets.turn();
            setAlarm();
        });
    }

    /** The marks of probes may have changed, as another process had the plane in between. */
    public void onMarksChanged() {
        thread.execute(() -> {
            if (started && !draining) {
                pools.all().forEach(probes::watch);
                setAlarm();
            }
        });
    }

    /** Tells drains who gets new connections, from now on. */
    public void tell(Drains drains) {
        thread.execute(() -> shares = new ShareWatch(drains::onShares));
    }

    /**
     * Goes over to another configuration, whole or not at all: when this returns, workers were told. What stays in it stays
     * as it is: members with their loads and what is known of their health, queues, bound sources, listeners. Not for the
     * control thread; waits a bounded time for names that are new.
     *
     * @param closed names of services whose listeners stay, but that take nobody
     * @throws RefusedException when an address cannot be listened on, or the forwarder stops
     */
    public void apply(ForwarderConfig config, ClientPlaces clients, Set<String> closed)
            throws RefusedException, InterruptedException {
        Set<String> unknown = namesIn(config);
        unknown.removeAll(thread.ask(pools::knownNames));
        Map<String, List<IpAddress>> addresses = names.lookUp(unknown);
        Optional<String> refusal = thread.ask(() -> change(config, clients, closed, addresses));
        if (refusal.isPresent()) {
            throw RefusedException.because(refusal.get());
        }
    }

    private Optional<String> change(
            ForwarderConfig config, ClientPlaces clients, Set<String> closed, Map<String, List<IpAddress>> addresses) {
        if (draining) {
            return Optional.of("the forwarder is stopping");
        }
        Listeners.Change sockets;
        try {
            sockets = listeners.prepare(ListenerSpecs.of(config.services().values(), builder::indexOf));
        } catch (Listeners.ListenException e) {
            return Optional.of(e.getMessage());
        }
        retireSettled();
        for (Pool gone : configure(config, clients, closed, addresses)) {
            names.unwatch(gone);
            probes.unwatch(gone);
            poolLog.forget(gone);
        }
        weightsWait = false;
        publish();
        sockets.commit();
        listenerLog.onListening(services);
        pools.all().forEach(names::watch);
        if (started) {
            pools.all().forEach(probes::watch);
        }
        setAlarm();
        return Optional.empty();
    }

    /**
     * How each pool is now.
     *
     * @param portRange how many ports the kernel gives out
     * @throws RefusedException once the forwarder has stopped
     */
    public Map<String, PoolView> pools(int portRange) throws RefusedException, InterruptedException {
        return thread.ask(() -> pools.all().stream()
                .collect(Collectors.toMap(
                        pool -> pool.config().name(),
                        pool -> new PoolView(pool.queued(), pool.status(portRange), pool.traffic()))));
    }

    /**
     * One pool at one moment.
     *
     * @param members by the id of the backend's entry, which is several for a name with several addresses
     */
    public record PoolView(int queued, Map<String, List<BackendStatus>> members, PoolTraffic traffic) {
        public static final PoolView NONE = new PoolView(0, Map.of(), PoolTraffic.NONE);
    }

    /**
     * Every backend that is known, whether it takes connections or not, by what other processes know it by.
     *
     * @throws RefusedException once the forwarder has stopped
     */
    public Map<Backend.Key, Backend> backends() throws RefusedException, InterruptedException {
        return thread.ask(() -> pools.all().stream()
                .flatMap(pool -> pool.members().stream())
                .map(member -> member.backend(1))
                .collect(Collectors.toMap(Backend::key, backend -> backend)));
    }

    /** How long forwarding tables took to build, Maglev's tables among it, since the start. Any thread. */
    public BucketCounts tableBuilds() {
        return tableBuilds.counts();
    }

    /** What is known of health. */
    public HealthViews health() {
        return new KnownHealth(thread, pools, board, transitions, () -> plane.trouble());
    }

    /**
     * Connections and sessions open now, and clients taken since the start, of each service.
     *
     * @throws RefusedException once the forwarder has stopped
     */
    public Map<String, ServiceView> services(Collection<String> names) throws RefusedException, InterruptedException {
        return thread.ask(() -> names.stream().collect(Collectors.toMap(name -> name, this::service)));
    }

    /**
     * One service at one moment.
     *
     * @param places where what workers count of it stands
     */
    public record ServiceView(long connections, long sessions, long accepted, List<Place> places) {
        public static final ServiceView NONE = new ServiceView(0, 0, 0, List.of());

        /** An index in every table, for ever. */
        public record Place(int index, boolean udp) {}

        private ServiceView plus(ServiceView other) {
            return new ServiceView(
                    connections + other.connections, sessions + other.sessions, accepted + other.accepted, places);
        }
    }

    private ServiceView service(String name) {
        List<ServiceView.Place> places = builder.indicesOf(name).stream()
                .map(index -> new ServiceView.Place(index, builder.isUdp(index)))
                .toList();
        return places.stream()
                .flatMap(place -> workers.stream().map(worker -> service(worker, place)))
                .reduce(new ServiceView(0, 0, 0, places), ServiceView::plus);
    }

    private static ServiceView service(WorkerProxy worker, ServiceView.Place place) {
        long open = worker.services().open(place.index());
        long accepted = worker.services().accepted(place.index());
        return place.udp()
                ? new ServiceView(0, open, accepted, List.of())
                : new ServiceView(open, 0, accepted, List.of());
    }

    /** Has the control thread count one more of its {@link #turns}, after what was asked of it before. */
    public void turn() {
        thread.execute(turns::incrementAndGet);
    }

    /** How often it has come to {@link #turn}; any thread may look. */
    public long turns() {
        return turns.get();
    }

    /** Lets every worker finish what is open; health checks end, as nothing new is placed. */
    public void drain() {
        thread.execute(() -> {
            draining = true;
            board.onDraining();
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
        poolLog.onName(pool, backend, addresses);
        if (started) {
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

        @Override
        public void onJudged(Pool pool, Member member) {
            Controller.this.onJudged(pool, member);
        }
    }

    /** The last table may be the right one, but nobody could know. */
    private void onJudged(Pool pool, Member member) {
        if (!member.isJudged()) {
            member.onJudged();
            board.onPools(pools.all(), System.nanoTime());
            if (packets.uses(pool)) {
                queueRebuild();
            }
        }
    }

    private void onAlarm(Pool pool, Member member) {
        onChange(pool.onAlarm(member, System.nanoTime()));
    }

    private void onTime() {
        long nowNs = System.nanoTime();
        boolean changed = weightsWait;
        for (Pool pool : pools.all()) {
            changed |= pool.onTime(nowNs);
        }
        packets.turn();
        if (started && !draining) {
            probes.onTime();
        }
        if (board.isWaiting()) {
            board.onPools(pools.all(), nowNs);
        }
        if (packets.isTroubleNew()) {
            board.onPacketTrouble(packets.trouble());
        }
        if (changed) {
            queueRebuild();
        }
        setAlarm();
    }

    /** Who comes in or goes out does so at once; many agents may change weights at any time, which costs tables too. */
    private void onChange(boolean tableOutOfDate) {
        if (pools.all().stream().anyMatch(Pool::isEligibilityOutOfDate)) {
            queueRebuild();
        } else {
            weightsWait |= tableOutOfDate;
        }
        setAlarm();
    }

    /** Nothing is due in a pool without time in its configuration: no tick, no wake-up. */
    private void setAlarm() {
        long deadlineNs = weightsWait || probes.isWaiting() ? System.nanoTime() : packets.deadlineNs(System.nanoTime());
        for (Pool pool : pools.all()) {
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
        retireSettled();
        publish();
    }

    /** Before a table, but for the one that takes services away: their listeners are told after it. */
    private void retireSettled() {
        if (workers.stream().allMatch(WorkerProxy::hasSettledListeners)) {
            builder.onListenersSettled();
        }
    }

    private ForwardingTable build() {
        long startNs = System.nanoTime();
        ForwardingTable table = builder.next(pools.byName());
        tableBuilds.record(System.nanoTime() - startNs);
        return table;
    }

    private void publish() {
        ForwardingTable table = build();
        pools.all().forEach(Pool::tellFound);
        publication.publish(table);
        packets.publish(table.version(), pools.byName());
        pools.all().forEach(Pool::tellLost);
        workers.forEach(WorkerProxy::onTablePublished);
        shares.onTable(pools.all(), table.clientZones());
        pools.all().forEach(pool -> poolLog.onTable(pool, table.version()));
        // Pools first: a service may lead to one that the board does not know.
        board.onPools(pools.all(), System.nanoTime());
        board.onPacketTrouble(packets.trouble());
    }

    /** Ends the probes, the look-ups and the control thread; no proxy is used after this returns. */
    @Override
    public void close() {
        names.close();
        probes.close();
        thread.close();
    }
}
