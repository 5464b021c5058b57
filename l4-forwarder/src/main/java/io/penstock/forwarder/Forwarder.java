package io.penstock.forwarder;

import io.penstock.admin.AdminConfig;
import io.penstock.config.ConfigWatcher;
import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.admin.AdminViews;
import io.penstock.forwarder.admin.ForwarderAdmin;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.control.ConnectionQueries;
import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.control.DrainHost;
import io.penstock.forwarder.control.Drains;
import io.penstock.forwarder.control.Listeners;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.flowlog.FlowLog;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.listen.TakeOverServer;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.reload.LiveConfig;
import io.penstock.forwarder.reload.LiveOperations;
import io.penstock.forwarder.reload.StatusReport;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root of what runs: what its operator can ask of it, what else needs it, and its end, which takes everything in the
 * reverse of the order in which {@link Startup} began it.
 */
final class Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private final Syscalls syscalls;
    private final EventLog events;
    private final Controller controller;
    private final DataPlane plane;
    private final List<Thread> threads = new ArrayList<>();
    private final Troubles troubles;
    private final Drains drains;
    private final LiveConfig config;
    private final LiveOperations operations;
    private Optional<ConfigWatcher> watcher = Optional.empty();
    private Optional<TakeOverServer> successor = Optional.empty();
    private volatile Optional<ForwarderAdmin> admin = Optional.empty();
    private volatile Runnable onDrainAsked = () -> {};
    private final AtomicBoolean draining = new AtomicBoolean();

    /** Made, not running: {@link Startup} knows the order of the steps from here. */
    Forwarder(
            ForwarderConfig started,
            ClientPlaces clients,
            Syscalls syscalls,
            EventLog events,
            Controller controller,
            DataPlane plane) {
        this.syscalls = syscalls;
        this.events = events;
        this.controller = controller;
        this.plane = plane;
        Clock clock = Clock.systemUTC();
        troubles = new Troubles(proxies(), events, plane.packets()::onTime);
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
                offered -> SourceCheck.problem(syscalls, offered.pools().values())
                        .or(() -> plane.packets().prepare(offered)),
                applied -> {
                    plane.packets().apply(applied);
                    drains.onConfig(applied);
                    plane.sessions().change(SessionBound.of(applied));
                    plane.flowLog().apply(applied.flowLog());
                },
                clock,
                events);
        operations = new LiveOperations(
                config,
                new StatusReport(
                        controller,
                        proxies(),
                        new StatusReport.Self(
                                this::state, () -> EphemeralPorts.read().count(), plane.sessions()::max),
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

    /** Where the configuration says, questions and orders are taken from now on. */
    void openAdmin() throws IOException {
        Optional<AdminConfig> configured = config.file().process().admin();
        if (configured.isPresent()) {
            AdminViews views = new AdminViews(
                    events,
                    controller.health(),
                    config::document,
                    controller::tableBuilds,
                    plane.flowLog().counts(),
                    plane.packets()::view,
                    plane.packets()::absence);
            admin = Optional.of(ForwarderAdmin.start(configured.get(), operations, proxies(), views));
        }
    }

    private void tell(String state, String text) {
        events.add(EventType.PROCESS, Level.INFO, "forwarder", text, EventDetails.of("state", state));
    }

    /** The admin addresses, and the data plane of packets, are free for another process when this returns. */
    void letGo() {
        tell("handing-over", "a newer process takes over");
        plane.packets().handOver();
        admin.ifPresent(ForwarderAdmin::stopListening);
    }

    /** After {@link #letGo}, when the other process is gone. */
    void takeBack() {
        tell("running", "the newer process did not take over");
        plane.packets().takeBack(config.file());
        admin.ifPresent(ForwarderAdmin::close);
        try {
            openAdmin();
        } catch (IOException e) {
            LOG.error("event=admin-not-listening cause=\"{}\"", e.getMessage());
        }
    }

    /**
     * Takes clients.
     *
     * @param first whether there is no forwarder before this one, which serves until it lets go
     * @throws StartException when that cannot be; no thread runs then
     */
    void run(Listeners.Change listening, boolean first) throws StartException {
        for (Worker worker : plane.workers()) {
            int result = first ? worker.startAccepting() : worker.startAcceptingTcp();
            if (result < 0) {
                admin.ifPresent(ForwarderAdmin::close);
                throw new StartException("cannot accept: " + Errno.describe(-result));
            }
        }
        // Before the first flow can end.
        plane.flowLog().apply(config.file().flowLog());
        for (Worker worker : plane.workers()) {
            Thread thread = BugHandler.thread(worker, worker.proxy().name());
            threads.add(thread);
            thread.start();
        }
        listening.commit();
        controller.tell(drains);
        plane.packets().onPlane(controller::onMarksChanged);
        controller.tell(plane.packets());
        controller.start(proxies(), plane.listeners(), !first);
        tell("running", "takes connections with " + plane.workers().size() + " workers");
    }

    /** Lets a newer process take over from now on, where the configuration says that there is a socket for it. */
    void offer(TakeOverServer.Owner owner) {
        successor = plane.succession().offer(plane.listeners(), proxies(), owner);
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
        return plane.flowLog();
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
        plane.listeners().removeFiles();
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
        plane.packets().close();
        plane.workers().forEach(Worker::release);
        plane.flowLog().close();
        logTotals();
    }

    /** What was counted since the start; any thread may ask. */
    void logTotals() {
        LOG.info("event=totals {}", Totals.text(proxies()));
    }

    int workers() {
        return plane.workers().size();
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
        return plane.proxies();
    }
}
