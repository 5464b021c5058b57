package io.penstock.forwarder;

import io.penstock.events.EventLog;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.NetworkInterfaces;
import io.penstock.forwarder.bpf.Requirements;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.XdpConfig;
import io.penstock.forwarder.control.PacketPlane;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.forwarder.xdp.LeftPlanes;
import io.penstock.forwarder.xdp.PlaneStatus;
import io.penstock.forwarder.xdp.PlaneView;
import io.penstock.forwarder.xdp.XdpException;
import io.penstock.forwarder.xdp.XdpPlane;
import io.penstock.forwarder.xdp.XdpSettings;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane of packets as this process has it: none as long as no configuration has the section {@code xdp}, and
 * none while another process has it. Safe from any thread.
 */
final class PacketForwarding implements PacketPlane, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PacketForwarding.class);

    private static final String LEASE_OVER =
            "the lease of the XDP data plane is over: packets are forwarded by the last"
                    + " table, and nobody looks at health, as a thread of this process (fwd-ctl or fwd-xdp) does not get on";

    private static final String DOWN = "down";

    private static final String NO_SECTION = "the configuration has no section xdp";

    /** A lease is not missed before: the first table of many services takes its time. */
    private static final long FIRST_TABLE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(3);

    private final EventLog events;
    private final LocalVips localVips;

    /** Of the plane that runs, or would. */
    private Optional<XdpConfig> config = Optional.empty();

    private volatile Optional<XdpPlane> plane = Optional.empty();

    /** Why none runs though it should. */
    private volatile Optional<String> failure = Optional.empty();

    /** When there may be a lease at first; of {@link System#nanoTime}. */
    private volatile long leaseFromNs;

    /** Held while a table is handed on: none is to come between a plane and the newest, and none after a newer one. */
    private final Object handing = new Object();

    private PacketTable newest;

    /** Whether they were healthy to the process before this one. */
    private volatile Map<Left, Boolean> left = Map.of();

    /** What is to run, as it could not when it had to; asked for again until it does. */
    private Optional<ForwarderConfig> late = Optional.empty();

    private long retryAtNs;

    /** Another process has it, or is about to. */
    private boolean handedOver;

    /** Why there is none, as long as there is none. */
    private volatile String absence = NO_SECTION;

    private volatile Runnable onPlane = () -> {};

    private record Left(String service, String pool, String backend, IpAddress address) {}

    PacketForwarding(EventLog events) {
        this.events = events;
        localVips = new LocalVips(events);
    }

    /** Told, on any thread, of a plane that is there only now, when checks and tables go on already. */
    void onPlane(Runnable action) {
        onPlane = action;
    }

    /**
     * Attaches the program, or takes over the one that an ended process left.
     *
     * @throws StartException when packets cannot be forwarded here; nothing has changed then
     */
    synchronized void start(ForwarderConfig wanted) throws StartException {
        config = wanted.xdp();
        LeftPlanes.tell(events, config.map(XdpConfig::name));
        if (config.isEmpty()) {
            return;
        }
        try {
            XdpPlane started = XdpPlane.start(settings(config.get()), events);
            left = left(started.status());
            leaseFromNs = System.nanoTime() + FIRST_TABLE_NS;
            synchronized (handing) {
                plane = Optional.of(started);
                Optional.ofNullable(newest).ifPresent(started::onTable);
            }
            clearFailure();
            late = Optional.empty();
        } catch (XdpException e) {
            failure = Optional.of("xdp: " + e.getMessage());
            absence = e.getMessage();
            throw new StartException(failure.get());
        }
        localVips.onConfig(wanted);
    }

    private void clearFailure() {
        failure = Optional.empty();
        absence = NO_SECTION;
    }

    /** Before the first table: what is in the maps is by the process before this one. */
    private static Map<Left, Boolean> left(PlaneStatus adopted) {
        Map<Left, Boolean> all = new HashMap<>();
        adopted.backends()
                .forEach(backend -> all.put(
                        new Left(backend.service(), backend.pool(), backend.name(), backend.address()),
                        !backend.state().equals(DOWN)));
        return Map.copyOf(all);
    }

    /**
     * What keeps this host from it, as far as that shows while another process has the plane.
     *
     * @throws StartException when {@link #start} could not succeed
     */
    void check(ForwarderConfig wanted) throws StartException {
        Optional<String> problem = problem(wanted);
        if (problem.isPresent()) {
            throw new StartException(problem.get());
        }
    }

    private Optional<String> problem(ForwarderConfig wanted) {
        if (wanted.xdp().isEmpty()) {
            return Optional.empty();
        }
        List<String> problems = new ArrayList<>(Requirements.problems());
        problems.addAll(missingInterfaces(wanted.xdp().get()));
        if (problems.isEmpty()) {
            problems.addAll(XdpPlane.problems(settings(wanted.xdp().get()), events));
        }
        return text(problems);
    }

    private static Optional<String> text(List<String> problems) {
        return problems.isEmpty() ? Optional.empty() : Optional.of("xdp: " + String.join("; ", problems));
    }

    static List<String> missingInterfaces(XdpConfig xdp) {
        List<String> missing = new ArrayList<>();
        for (XdpConfig.Interface wanted : xdp.interfaces()) {
            try {
                int unused = NetworkInterfaces.index(wanted.name());
            } catch (BpfException e) {
                missing.add(e.getMessage());
            }
        }
        return missing;
    }

    /** As {@link #start}, where it is too late to refuse to start: nobody else serves the clients. */
    synchronized void startLate(ForwarderConfig wanted) {
        try {
            start(wanted);
        } catch (StartException e) {
            LOG.error(
                    "event=xdp-not-started cause=\"{}\" effect=\"services in mode: dsr are as they were left\" next=\"tried again\"",
                    e.getMessage());
            late = Optional.of(wanted);
            retryAtNs = System.nanoTime() + RETRY_NS;
        }
        onPlane.run();
    }

    private synchronized void retry() {
        if (late.isPresent() && !handedOver && System.nanoTime() - retryAtNs >= 0) {
            startLate(late.get());
        }
    }

    /** Makes ready for another configuration, or says why it cannot be; then nothing has changed. */
    synchronized Optional<String> prepare(ForwarderConfig offered) {
        if (offered.xdp().isEmpty() || handedOver) {
            return Optional.empty();
        }
        if (plane.isPresent()) {
            // One that goes while it is configured comes back by itself, and keeps nobody from other changes.
            List<XdpConfig.Interface> known = config.map(XdpConfig::interfaces).orElse(List.of());
            return offered.xdp().get().interfaces().equals(known)
                    ? Optional.empty()
                    : text(missingInterfaces(offered.xdp().get()));
        }
        Optional<XdpConfig> before = config;
        try {
            start(offered);
            return Optional.empty();
        } catch (StartException e) {
            // Another file is offered next: that one may have no such section.
            config = before;
            if (late.isEmpty()) {
                clearFailure();
            }
            return Optional.of(e.getMessage());
        }
    }

    /** This runs now. A plane that has nothing to forward any more stays. */
    synchronized void apply(ForwarderConfig applied) {
        boolean other = applied.xdp().isPresent() && !applied.xdp().equals(config);
        if (other && plane.isPresent()) {
            config = applied.xdp();
            plane.get().apply(settings(config.get()));
        }
        late = late.map(before -> applied).filter(wanted -> wanted.xdp().isPresent());
        if (applied.xdp().isEmpty() && plane.isEmpty()) {
            config = Optional.empty();
            clearFailure();
        }
        localVips.onConfig(applied);
    }

    /** Looks for what comes by no event; told about every second. */
    void onTime() {
        retry();
        localVips.onTime(System.nanoTime());
    }

    /** Another process may have it when this returns; the program forwards on. */
    synchronized void handOver() {
        handedOver = true;
        ended("a newer process has taken it over");
        plane.ifPresent(XdpPlane::handOver);
        plane = Optional.empty();
    }

    /** After {@link #handOver}, when the other process is gone. */
    synchronized void takeBack(ForwarderConfig running) {
        handedOver = false;
        if (plane.isEmpty()) {
            startLate(running);
        }
    }

    /** The program stays attached, and forwards on. */
    @Override
    public synchronized void close() {
        handedOver = true;
        ended("the forwarder is stopping");
        plane.ifPresent(XdpPlane::close);
        plane = Optional.empty();
    }

    private void ended(String why) {
        if (plane.isPresent()) {
            absence = why;
        }
    }

    private static XdpSettings settings(XdpConfig xdp) {
        return new XdpSettings(
                xdp.name(),
                xdp.interfaces().stream()
                        .map(one -> new XdpSettings.Interface(one.name(), attach(one.attach())))
                        .toList(),
                xdp.tunnelSource(true),
                xdp.tunnelSource(false),
                xdp.tunnelSourceBits(),
                xdp.changeWindow().toNanos(),
                xdp.flowEntries(),
                xdp.newFlows().orElse(0),
                xdp.lease().toNanos());
    }

    private static XdpSettings.Attach attach(XdpConfig.Attach attach) {
        return switch (attach) {
            case AUTO -> XdpSettings.Attach.AUTO;
            case NATIVE -> XdpSettings.Attach.NATIVE;
            case GENERIC -> XdpSettings.Attach.GENERIC;
        };
    }

    @Override
    public void onTable(PacketTable table) {
        synchronized (handing) {
            newest = table;
            plane.ifPresent(running -> running.onTable(table));
        }
    }

    @Override
    public boolean isThere() {
        return plane.isPresent();
    }

    @Override
    public Optional<Boolean> leftUp(String service, Backend.Key backend) {
        return Optional.ofNullable(left.get(new Left(service, backend.pool(), backend.id(), backend.address())));
    }

    @Override
    public OptionalInt probeMark(String service, Backend.Key backend) {
        return plane.map(running -> running.probeMark(service, backend)).orElse(OptionalInt.empty());
    }

    @Override
    public boolean reaches(String service, Backend.Key backend) {
        return plane.map(running -> running.reaches(service, backend)).orElse(false);
    }

    @Override
    public Optional<String> trouble() {
        return plane.map(running -> running.trouble().or(() -> leaseOver(running.status(), System.nanoTime())))
                .orElse(failure);
    }

    /** As the last turn of its thread left it, which may be long ago. */
    private Optional<String> leaseOver(PlaneStatus status, long nowNs) {
        boolean over = status.leaseUntilNs() == 0 ? nowNs - leaseFromNs >= 0 : status.leaseLeftNs(nowNs) <= 0;
        return over ? Optional.of(LEASE_OVER) : Optional.empty();
    }

    /** In words, why none runs, while none does. */
    String absence() {
        return absence;
    }

    /** Of the plane that runs; empty while none does. */
    Optional<PlaneView> view() {
        return plane.map(running -> running);
    }

    @Override
    public void onControlTurn() {
        plane.ifPresent(XdpPlane::onControlTurn);
    }
}
