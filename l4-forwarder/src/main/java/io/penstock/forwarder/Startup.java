package io.penstock.forwarder;

import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.MetricsConfig;
import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.control.ListenerSpecs;
import io.penstock.forwarder.control.Listeners;
import io.penstock.forwarder.control.Listeners.ListenException;
import io.penstock.forwarder.flow.Measuring;
import io.penstock.forwarder.flowlog.FlowLog;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.listen.ListenerSet;
import io.penstock.forwarder.listen.SessionHeir;
import io.penstock.forwarder.listen.Succession;
import io.penstock.forwarder.listen.TakeOverException;
import io.penstock.forwarder.operate.RefusedException;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.tcp.SpliceProbe;
import io.penstock.forwarder.udp.SessionLimit;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of a forwarder, on the starting thread: binds every listener before any thread runs, so that it succeeds whole or not at all,
 * then takes clients, and over from whoever was before.
 */
final class Startup {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

    private final ForwarderConfig config;
    private final ClientPlaces clients;
    private final Syscalls syscalls;
    private final Succession succession;
    private final EventLog events = new EventLog(Clock.systemUTC());
    private final Controller controller;
    private final List<Worker> workers = new ArrayList<>();
    private final SessionLimit sessions;
    private final PacketForwarding packets = new PacketForwarding(events);

    private Startup(ForwarderConfig config, ClientPlaces clients, Syscalls syscalls, Succession succession)
            throws InterruptedException {
        this.config = config;
        this.clients = clients;
        this.syscalls = syscalls;
        this.succession = succession;
        controller = new Controller(config, clients, events);
        sessions = new SessionLimit(SessionBound.of(config));
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
        WarmUps warmUps = new WarmUps(config, syscalls, splice);
        // Clients are served meanwhile: by the one that runs, or, where nobody does, here.
        boolean warmUpFirst = config.warmUp() && succession.expectsRunning();
        if (warmUpFirst) {
            warmUps.run();
        }
        Forwarder forwarder = new Startup(config, clients, syscalls, succession).make(specs, splice);
        config.services()
                .values()
                .forEach(service -> LOG.info(
                        "event={} service={} addresses={} pool={}",
                        service.isDsr() ? "forwarding-packets" : "listening",
                        service.name(),
                        service.listen(),
                        service.pool()));
        if (config.warmUp() && !warmUpFirst) {
            warmUps.runBeside();
        }
        return forwarder;
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

    private static boolean isSpliceUsable(Syscalls syscalls) {
        int result = SpliceProbe.run(syscalls);
        if (result < 0) {
            LOG.warn(
                    "event=splice-unavailable cause=\"{}\" effect=\"bulky connections are copied\"",
                    Errno.describe(-result));
        }
        return result >= 0;
    }

    private Forwarder make(List<ListenerSpec> specs, boolean splice) throws StartException, InterruptedException {
        int count = config.workers() == ForwarderConfig.WORKERS_PER_CORE
                ? Runtime.getRuntime().availableProcessors()
                : config.workers();
        FlowLog flowLog = new FlowLog(count, syscalls);
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
            listeners = new ListenerSet(syscalls, proxies(), succession.sockets());
            listening = listeners.prepare(specs);
        } catch (ListenException | TakeOverException | StartException e) {
            abandon();
            throw new StartException(e.getMessage());
        } catch (IllegalStateException e) {
            // What a worker needs of the kernel beside its listeners.
            abandon();
            throw new StartException("cannot start a worker: " + e.getMessage());
        }
        DataPlane plane = new DataPlane(workers, listeners, succession, sessions, flowLog, packets);
        Forwarder forwarder = new Forwarder(config, clients, syscalls, events, controller, plane);
        begin(forwarder, listeners, listening);
        return forwarder;
    }

    private static Measuring measuring(MetricsConfig config) {
        return new Measuring(
                config.latencies(), config.tcpInfo().map(Duration::toNanos).orElse(Measuring.NEVER));
    }

    /** Takes clients, once whoever was before is known to be gone, or to let go. */
    private void begin(Forwarder forwarder, ListenerSet listeners, Listeners.Change listening)
            throws StartException, InterruptedException {
        boolean first = !succession.isTakingOver();
        Optional<String> overrides = succession.overrides();
        try {
            if (first) {
                forwarder.openAdmin();
            }
            overrides.ifPresent(text -> importOverrides(forwarder, text));
            forwarder.run(listening, first);
        } catch (IOException | StartException e) {
            listening.abandon();
            abandon();
            throw new StartException(e.getMessage());
        }
        if (!first) {
            confirm(forwarder, listeners);
            succession
                    .overrides()
                    .filter(last -> !overrides.equals(Optional.of(last)))
                    .ifPresent(last -> importOverrides(forwarder, last));
            packets.startLate(forwarder.config().file());
            try {
                forwarder.openAdmin();
            } catch (IOException e) {
                // Too late to refuse to start: nobody else serves the clients.
                LOG.error("event=admin-not-listening cause=\"{}\"", e.getMessage());
            }
        }
    }

    /** What the operator wants stands before the first client comes, and no client is lost for what cannot stand here. */
    private static void importOverrides(Forwarder forwarder, String text) {
        try {
            forwarder.config().importOverrides(text);
        } catch (RefusedException e) {
            LOG.error("event=overrides-not-taken-over cause=\"{}\"", e.getMessage());
        }
    }

    /** Has the forwarder before this one let go; when that refuses, this one ends, and whom it has accepted is served. */
    private void confirm(Forwarder forwarder, ListenerSet listeners) throws StartException, InterruptedException {
        SessionHeir heir = new SessionHeir(syscalls, listeners, proxies(), backends());
        try {
            succession.confirm(heir);
            heir.begin();
        } catch (TakeOverException e) {
            heir.abandon();
            LOG.error("event=take-over role=new step=refused cause=\"{}\" effect=\"drains and ends\"", e.getMessage());
            forwarder.drain(Optional.empty());
            if (!forwarder.awaitDrained(forwarder.config().file().drainTimeout())) {
                LOG.warn("event=drain-timeout cut={}", forwarder.open());
            }
            forwarder.stop();
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

    private List<WorkerProxy> proxies() {
        return workers.stream().map(Worker::proxy).toList();
    }

    private void abandon() {
        packets.close();
        succession.abandon();
        workers.forEach(Worker::abandon);
        controller.close();
    }
}
