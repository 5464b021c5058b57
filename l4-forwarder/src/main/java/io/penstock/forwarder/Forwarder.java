package io.penstock.forwarder;

import io.penstock.admin.AdminConfig;
import io.penstock.config.ConfigWatcher;
import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.admin.AdminViews;
import io.penstock.forwarder.admin.ForwarderAdmin;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.MetricsConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.control.ConnectionQueries;
import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.control.DrainHost;
import io.penstock.forwarder.control.Drains;
import io.penstock.forwarder.control.ListenerSpecs;
import io.penstock.forwarder.control.Listeners;
import io.penstock.forwarder.control.Listeners.ListenException;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.flowlog.FlowLog;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.listen.ListenerSet;
import io.penstock.forwarder.listen.SessionHeir;
import io.penstock.forwarder.listen.Succession;
import io.penstock.forwarder.listen.TakeOverException;
import io.penstock.forwarder.listen.TakeOverServer;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.reload.LiveConfig;
import io.penstock.forwarder.reload.LiveOperations;
import io.penstock.forwarder.reload.StatusReport;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.tcp.SpliceProbe;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.EphemeralPorts;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.process.BugHandler;
import io.penstock.process.Watchdog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: binds every listener before any thread runs, so that a start succeeds whole or not at all, and
 * ends everything in reverse.
 */
final class Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private final Controller controller;
    private final List<Worker> workers;
    private final List<Thread> threads = new ArrayList<>();
    private final ListenerSet listeners;
    private final Succession succession;
    private final Syscalls syscalls;
    private final FlowLog flowLog;
    private final PacketForwarding packets;
    private final Troubles troubles;
    private final Drains drains;
    private final LiveConfig config;
    private final LiveOperations operations;
    private final EventLog events;
    private Optional<ConfigWatcher> watcher = Optional.empty();
    private Optional<TakeOverServer> successor = Optional.empty();
    private volatile Optional<ForwarderAdmin> admin = Optional.empty();
    private volatile Runnable onDrainAsked = () -> {};
    private final AtomicBoolean draining = new AtomicBoolean();

    private Forwarder(
            ForwarderConfig started,
            ClientPlaces clients,
            EventLog events,
            Controller controller,
            List<Worker> workers,
            ListenerSet listeners,
            Succession succession,
            SessionLimit sessions,
            Syscalls syscalls,
            FlowLog flowLog,
            PacketForwarding packets) {
        this.events = events;
        this.packets = packets;
        this.flowLog = flowLog;
        this.succession = succession;
        this.syscalls = syscalls;
        this.controller = controller;
        this.workers = workers;
        this.listeners = listeners;
        Clock clock = Clock.systemUTC();
        troubles = new Troubles(proxies(), events, packets::onTime);
        drains = new Drains(
                proxies(),
                new DrainHost() {
                    @Override
                    public void drainBackend(String pool, String backend) throws RefusedException {
                        operations.changeBackend(pool, backend, Optional.of(Operations.Wish.DRAIN), Optional.empty());
                    }

                    @Override
                    public void stopAccepting() {
                        // Asked again it is another pace for the same end, and no second signal, which would cut.
                        if (close()) {
                            onDrainAsked.run();
                        }
                    }
                },
                events);
        config = new LiveConfig(
                started,
                clients,
                controller,
                offered ->
                        SourceCheck.problem(syscalls, offered.pools().values()).or(() -> packets.prepare(offered)),
                applied -> {
                    packets.apply(applied);
                    drains.onConfig(applied);
                    sessions.change(SessionBound.of(applied));
                    flowLog.apply(applied.flowLog());
                },
                clock,
                events);
        operations = new LiveOperations(
                config,
                new StatusReport(
                        controller,
                        proxies(),
                        new StatusReport.Self(
                                this::state, () -> EphemeralPorts.read().count(), sessions::max),
                        clock),
                new ConnectionQueries(proxies()),
                drains,
                events);
    }

    /** Told on another thread, once at most, when an operator has ordered that all connections come to an end, and the process with them. */
    void onDrainAsked(Runnable action) {
        onDrainAsked = action;
    }

    private String state() {
        return draining.get() ? "draining" : "running";
    }

    /** What its operator can ask of it. */
    Operations operations() {
        return operations;
    }

    /** @param takeOver whether to take the sockets of a forwarder that runs, if there is one */
    static Forwarder start(ForwarderConfig config, Syscalls syscalls, boolean takeOver)
            throws StartException, InterruptedException {
        ClientPlaces clients = readClientPlaces(config);
        List<ListenerSpec> specs = ListenerSpecs.of(config.services().values());
        Succession succession = succession(config, syscalls, takeOver, specs);
        Optional<String> unusable = SourceCheck.problem(syscalls, config.pools().values());
        if (unusable.isPresent()) {
            throw new StartException(unusable.get());
        }
        boolean splice = config.splice() && isSpliceUsable(syscalls);
        // Clients are served meanwhile: by the one that runs, or, where nobody does, here.
        boolean warmUpFirst = config.warmUp() && succession.expectsRunning();
        if (warmUpFirst) {
            warmUp(config, syscalls, splice);
        }
        EventLog events = new EventLog(Clock.systemUTC());
        Controller controller = new Controller(config, clients, events);
        List<Worker> workers = new ArrayList<>();
        SessionLimit sessions = new SessionLimit(SessionBound.of(config));
        int count = config.workers() == ForwarderConfig.WORKERS_PER_CORE
                ? Runtime.getRuntime().availableProcessors()
                : config.workers();
        FlowLog flowLog = new FlowLog(count, syscalls);
        PacketForwarding packets = new PacketForwarding(events);
        ListenerSet listeners;
        Listeners.Change listening;
        try {
            succession.meet();
            if (succession.isTakingOver()) {
                packets.check(config);
            } else {
                packets.start(config);
            }
            for (int i = 0; i < count; i++) {
                workers.add(new Worker(
                        "fwd-w" + i,
                        syscalls,
                        controller.publication(),
                        splice,
                        sessions,
                        flowLog.observer(i),
                        measuring(config.process().metrics())));
            }
            listeners = new ListenerSet(syscalls, proxies(workers), succession.sockets());
            listening = listeners.prepare(specs);
        } catch (ListenException | TakeOverException | StartException e) {
            abandon(succession, workers, controller, packets);
            throw new StartException(e.getMessage());
        } catch (IllegalStateException e) {
            // What a worker needs of the kernel beside its listeners.
            abandon(succession, workers, controller, packets);
            throw new StartException("cannot start a worker: " + e.getMessage());
        }
        Forwarder forwarder = new Forwarder(
                config,
                clients,
                events,
                controller,
                workers,
                listeners,
                succession,
                sessions,
                syscalls,
                flowLog,
                packets);
        forwarder.begin(listening);
        config.services()
                .values()
                .forEach(service -> LOG.info(
                        "event={} service={} addresses={} pool={}",
                        service.isDsr() ? "forwarding-packets" : "listening",
                        service.name(),
                        service.listen(),
                        service.pool()));
        if (config.warmUp() && !warmUpFirst) {
            warmUpBeside(config, syscalls, splice);
        }
        return forwarder;
    }

    private static Measuring measuring(MetricsConfig config) {
        return new Measuring(
                config.latencies(), config.tcpInfo().map(Duration::toNanos).orElse(Measuring.NEVER));
    }

    private static void warmUp(ForwarderConfig config, Syscalls syscalls, boolean splice) throws InterruptedException {
        WarmUp.run(syscalls, splice);
        if (config.services().values().stream().anyMatch(ServiceConfig::isUdp)) {
            UdpWarmUp.run(syscalls);
        }
    }

    /** On a thread that ends by itself, and that an end of the process does not wait for. */
    private static void warmUpBeside(ForwarderConfig config, Syscalls syscalls, boolean splice) {
        Thread thread = new Thread(
                () -> {
                    try {
                        warmUp(config, syscalls, splice);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "fwd-warm-load");
        thread.setDaemon(true);
        thread.start();
    }

    private static ClientPlaces readClientPlaces(ForwarderConfig config) {
        ClientPlaces clients = ClientPlaces.read(config);
        config.geo()
                .ifPresent(geo -> LOG.info(
                        "event=geo-read file={} ranges={} places={}",
                        geo.file(),
                        clients.zones().ranges(),
                        clients.places().size() - 1));
        return clients;
    }

    private static boolean isSpliceUsable(Syscalls syscalls) {
        int result = SpliceProbe.run(syscalls);
        if (result < 0) {
            LOG.warn(
                    "event=splice-unavailable cause=\"{}\" effect=\"bulky connections are copied\"",
                    Errno.describe(-result));
        }
        return result >= 0;
    }

    private static Succession succession(
            ForwarderConfig config, Syscalls syscalls, boolean takeOver, List<ListenerSpec> specs)
            throws StartException {
        try {
            Succession succession = new Succession(syscalls, config.process().takeOver(), takeOver, System.getenv());
            if (!takeOver) {
                // Looked at again before they are opened, but who finds them taken need not go on.
                ListenerSet.checkFree(syscalls, specs, succession.sockets());
            }
            return succession;
        } catch (ListenException | TakeOverException e) {
            throw new StartException(e.getMessage());
        }
    }

    private static void abandon(
            Succession succession, List<Worker> workers, Controller controller, PacketForwarding packets) {
        packets.close();
        succession.abandon();
        workers.forEach(Worker::abandon);
        controller.close();
    }

    /** Takes clients, once whoever was before is known to be gone, or to let go. */
    private void begin(Listeners.Change listening) throws StartException, InterruptedException {
        boolean first = !succession.isTakingOver();
        if (first) {
            try {
                openAdmin();
            } catch (IOException e) {
                listening.abandon();
                abandon(succession, workers, controller, packets);
                throw new StartException(e.getMessage());
            }
        }
        Optional<String> overrides = succession.overrides();
        overrides.ifPresent(this::importOverrides);
        run(listening, first);
        confirm();
        succession
                .overrides()
                .filter(last -> !overrides.equals(Optional.of(last)))
                .ifPresent(this::importOverrides);
        if (!first) {
            packets.startLate(config.file());
            try {
                openAdmin();
            } catch (IOException e) {
                // Too late to refuse to start: nobody else serves the clients.
                LOG.error("event=admin-not-listening cause=\"{}\"", e.getMessage());
            }
        }
    }

    /** What the operator wants stands before the first client comes, and no client is lost for what cannot stand here. */
    private void importOverrides(String text) {
        try {
            config.importOverrides(text);
        } catch (RefusedException e) {
            LOG.error("event=overrides-not-taken-over cause=\"{}\"", e.getMessage());
        }
    }

    private void openAdmin() throws IOException {
        Optional<AdminConfig> configured = config.file().process().admin();
        if (configured.isPresent()) {
            AdminViews views = new AdminViews(
                    events,
                    controller.health(),
                    config::document,
                    controller::tableBuilds,
                    flowLog.counts(),
                    packets::view,
                    packets::absence);
            admin = Optional.of(ForwarderAdmin.start(configured.get(), operations, proxies(), views));
        }
    }

    private void tell(String state, String text) {
        events.add(EventType.PROCESS, Level.INFO, "forwarder", text, EventDetails.of("state", state));
    }

    /** The admin addresses, and the data plane of packets, are free for another process when this returns. */
    void letGo() {
        tell("handing-over", "a newer process takes over");
        packets.handOver();
        admin.ifPresent(ForwarderAdmin::stopListening);
    }

    /** After {@link #letGo}, when the other process is gone. */
    void takeBack() {
        tell("running", "the newer process did not take over");
        packets.takeBack(config.file());
        admin.ifPresent(ForwarderAdmin::close);
        try {
            openAdmin();
        } catch (IOException e) {
            LOG.error("event=admin-not-listening cause=\"{}\"", e.getMessage());
        }
    }

    private void run(Listeners.Change listening, boolean first) throws StartException {
        for (Worker worker : workers) {
            int result = first ? worker.startAccepting() : worker.startAcceptingTcp();
            if (result < 0) {
                listening.abandon();
                admin.ifPresent(ForwarderAdmin::close);
                abandon(succession, workers, controller, packets);
                throw new StartException("cannot accept: " + Errno.describe(-result));
            }
        }
        // Before the first flow can end.
        flowLog.apply(config.file().flowLog());
        for (Worker worker : workers) {
            Thread thread = BugHandler.thread(worker, worker.proxy().name());
            threads.add(thread);
            thread.start();
        }
        listening.commit();
        controller.tell(drains);
        packets.onPlane(controller::onMarksChanged);
        controller.tell(packets);
        controller.start(proxies(), listeners, !first);
        tell("running", "takes connections with " + workers.size() + " workers");
    }

    /** Has the forwarder before this one let go; when that refuses, this one ends, and whom it has accepted is served. */
    private void confirm() throws StartException, InterruptedException {
        if (!succession.isTakingOver()) {
            return;
        }
        SessionHeir heir = new SessionHeir(syscalls, listeners, proxies(), backends());
        try {
            succession.confirm(heir);
            heir.begin();
        } catch (TakeOverException e) {
            heir.abandon();
            LOG.error("event=take-over role=new step=refused cause=\"{}\" effect=\"drains and ends\"", e.getMessage());
            close();
            if (!awaitDrained(config.file().drainTimeout())) {
                LOG.warn("event=drain-timeout cut={}", open());
            }
            stop();
            throw new StartException("cannot take over: " + e.getMessage());
        }
    }

    private Map<Backend.Key, Backend> backends() throws InterruptedException {
        try {
            return controller.backends();
        } catch (RefusedException e) {
            throw new IllegalStateException("nobody can have stopped what has not started", e);
        }
    }

    /** Lets a newer process take over from now on, where the configuration says that there is a socket for it. */
    void offer(TakeOverServer.Owner owner) {
        successor = succession.offer(listeners, proxies(), owner);
    }

    /** Asks each thread that clients or changes depend on whether it gets on. */
    List<Watchdog.Watched> watched() {
        return WatchedThreads.of(controller, proxies());
    }

    Syscalls syscalls() {
        return syscalls;
    }

    /** What ends connections at a pace. */
    Drains drains() {
        return drains;
    }

    /** What is written of flows that have ended. */
    FlowLog flowLog() {
        return flowLog;
    }

    /** What runs, and how it becomes another. */
    LiveConfig config() {
        return config;
    }

    /**
     * Applies the configuration from now on when its files change.
     *
     * @param readAt when it was read
     */
    void watchFiles(Instant readAt) {
        try {
            watcher = Optional.of(ConfigWatcher.start(config::files, readAt, () -> config.reload("file"), "fwd-files"));
        } catch (IOException e) {
            LOG.warn("event=files-not-watched cause=\"{}\" effect=\"changes need SIGHUP\"", e.toString());
        }
    }

    /** Stops taking connections and lets those that are open finish, or ends them as planned. */
    void drain(Optional<DrainPlan> plan) {
        close();
        plan.ifPresent(drains::drainAll);
    }

    /** To new clients, new configurations and newer processes; whether that is new. */
    private boolean close() {
        boolean first = !draining.getAndSet(true);
        if (first) {
            tell("draining", "takes no new connections; " + open() + " are open");
        }
        watcher.ifPresent(ConfigWatcher::close);
        // First: workers are about to close what a hand-over that is under way would give away by number.
        successor.ifPresent(TakeOverServer::close);
        listeners.removeFiles();
        controller.drain();
        return first;
    }

    /** Whether every worker ended within the time. */
    boolean awaitDrained(Duration timeout) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        for (Thread thread : threads) {
            long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs > 0) {
                thread.join(leftMs);
            }
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** Resets what is left, and ends every thread; connections that were cut are counted. */
    void stop() throws InterruptedException {
        troubles.close();
        admin.ifPresent(ForwarderAdmin::close);
        successor.ifPresent(TakeOverServer::close);
        proxies().forEach(WorkerProxy::tryStop);
        for (Thread thread : threads) {
            thread.join();
        }
        drains.close();
        controller.close();
        packets.close();
        workers.forEach(Worker::release);
        flowLog.close();
        logTotals();
    }

    /** What was counted since the start; any thread may ask. */
    void logTotals() {
        LOG.info("event=totals {}", Totals.text(proxies()));
    }

    int workers() {
        return workers.size();
    }

    int openConnections() {
        return proxies().stream().mapToInt(WorkerProxy::openConnections).sum();
    }

    int openSessions() {
        return proxies().stream().mapToInt(WorkerProxy::openSessions).sum();
    }

    /** What an end that cannot wait cuts. */
    int open() {
        return openConnections() + openSessions();
    }

    private List<WorkerProxy> proxies() {
        return proxies(workers);
    }

    private static List<WorkerProxy> proxies(List<Worker> workers) {
        return workers.stream().map(Worker::proxy).toList();
    }
}
