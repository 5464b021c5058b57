package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketBackend;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What the thread {@code fwd-xdp} does in a turn: looks at ways, brings the newest table into the maps, ends what is over, keeps the
 * program attached and renews the lease. What fails is said, and tried again.
 */
final class PlaneTurns implements AutoCloseable {
    /** A program that began before the last switch of addresses has ended by the next. */
    private static final long TABLE_PAUSE_NS = 20_000_000L;

    /** How long a table waits for the next hops of backends that are new in it. */
    private static final long HOP_PATIENCE_NS = 200_000_000L;

    private static final long RETRY_NS = 1_000_000_000L;

    /** Interfaces are looked at without being told of: somebody may detach a program. */
    private static final long LOOK_NS = 5_000_000_000L;

    private final LoadedPlane loaded;
    private final KernelMaps maps;
    private final NextHops nextHops;
    private final RealIds realIds;
    private final Publisher publisher;
    private final Attachment attachment;
    private final TunnelSources sources;
    private final NextHopLog hopLog;
    private final Lease lease;
    private final PlaneLog log;
    private final ProbeWays probeWays = new ProbeWays();
    private final Deque<XdpPlane.Announced> announced = new ArrayDeque<>();

    private XdpSettings settings;
    private PacketTable pending;
    private long publishAtNs;
    private long patienceEndNs;
    private long lookAtNs;
    private String names = "";
    private List<String> unreachable = List.of();

    private final Lapses lapses = new Lapses();

    /** Ways that are not in the maps yet. */
    private boolean moved;

    /** That another name is configured than runs; empty when it is the same. */
    private String otherName = "";

    private boolean renamed;

    private String told = "";
    private volatile PlaneStatus status;

    /** Backends that packets can be sent to, by what is in the maps. */
    private volatile Set<RealKey> reached = Set.of();

    private volatile Optional<String> trouble = Optional.empty();

    private PlaneTurns(XdpSettings settings, LoadedPlane loaded, NextHops nextHops, RealIds realIds, PlaneLog log)
            throws BpfException {
        this.settings = settings;
        this.loaded = loaded;
        this.nextHops = nextHops;
        this.realIds = realIds;
        this.log = log;
        maps = new KernelMaps(loaded.forwarder());
        publisher = new Publisher(maps, realIds, log);
        attachment = new Attachment(settings.name(), loaded, maps, log);
        sources = new TunnelSources(maps);
        hopLog = new NextHopLog(log);
        lease = new Lease(maps);
        lookAtNs = System.nanoTime();
        publishAtNs = lookAtNs;
    }

    /** The first look, before there is a thread: what a process before left is taken over, and the program attached. */
    static PlaneTurns begin(XdpSettings settings, LoadedPlane loaded, NextHops nextHops, RealIds realIds, PlaneLog log)
            throws XdpException, BpfException, IOException {
        PlaneTurns turns = new PlaneTurns(settings, loaded, nextHops, realIds, log);
        try {
            turns.takeOver();
            nextHops.want(turns.addresses(), Set.of());
            nextHops.look(System.nanoTime());
            turns.attachment.begin(settings.interfaces(), nextHops);
            turns.report(System.nanoTime());
            return turns;
        } catch (XdpException | BpfException | IOException e) {
            turns.maps.close();
            turns.attachment.close();
            throw e;
        }
    }

    private void takeOver() throws BpfException {
        if (loaded.isAdopted()) {
            new Adoption(maps, realIds, publisher).adopt(settings.name(), log);
        } else {
            maps.putAbi();
        }
    }

    /** The kernel has something to tell; false when it cannot be heard, and should be left alone for a while. */
    boolean takeNews() {
        try {
            nextHops.take();
            lapses.succeeded(Lapses.Cause.NEWS);
            return true;
        } catch (IOException e) {
            lapses.failed(Lapses.Cause.NEWS, e.getMessage(), System.nanoTime());
            return false;
        }
    }

    /** The maps, the lock and the file of names stay those of the name that it was started with. */
    void apply(XdpSettings other) {
        String name = settings.name();
        settings = other.named(name);
        otherName = other.name().equals(name)
                ? ""
                : "this process keeps the name '" + name + "'; '" + other.name()
                        + "' takes a restart, and between stop and start: l4-forwarder xdp detach --name " + name;
        attachment.want(other.interfaces());
        lookAtNs = System.nanoTime();
    }

    void onTable(PacketTable table) {
        if (pending == null) {
            patienceEndNs = System.nanoTime() + HOP_PATIENCE_NS;
        }
        pending = table;
    }

    void announce(XdpPlane.Announced backend) {
        announced.add(backend);
    }

    /** @param controlNs when the thread that decides about health was last heard of; 0 for never */
    void turn(long nowNs, LongSupplier controlNs) {
        moved |= look(nowNs);
        if (publish(nowNs, controlNs)) {
            // The ways of its addresses are not those of the table before, and probes take them at once.
            moved |= look(System.nanoTime());
        }
        try {
            keepUp(nowNs, controlNs);
            lapses.succeeded(Lapses.Cause.MAPS);
        } catch (BpfException e) {
            lapses.failed(Lapses.Cause.MAPS, e.getMessage(), nowNs);
        }
        report(nowNs);
    }

    /** Whether another table is in the maps now. */
    private boolean publish(long nowNs, LongSupplier controlNs) {
        if (pending == null || nowNs - publishAtNs < 0 || !isReady(nowNs)) {
            return false;
        }
        try {
            publishAtNs = nowNs + TABLE_PAUSE_NS;
            publisher.publish(pending, nextHops, settings.windowNs(), () -> renew(controlNs));
            pending = null;
            renamed = true;
            lapses.succeeded(Lapses.Cause.TABLE);
            return true;
        } catch (BpfException e) {
            lapses.failed(Lapses.Cause.TABLE, e.getMessage(), nowNs);
            publishAtNs = nowNs + RETRY_NS;
            return false;
        }
    }

    /** What is left undone here is done in a later turn. */
    private void keepUp(long nowNs, LongSupplier controlNs) throws BpfException {
        while (!announced.isEmpty()) {
            publisher.announce(announced.peek().service(), announced.peek().backend(), nextHops);
            announced.remove();
            renamed = true;
        }
        if (moved) {
            publisher.follow(nextHops);
            moved = false;
        }
        publisher.tick(nowNs, settings.windowNs());
        long unused = renew(controlNs);
    }

    /** Returns the time. */
    private long renew(LongSupplier controlNs) throws BpfException {
        long nowNs = System.nanoTime();
        if (publisher.version() != 0 && outdated(nowNs).isEmpty()) {
            lease.renew(nowNs, controlNs.getAsLong(), settings.leaseNs());
        }
        return nowNs;
    }

    /** Why the maps are not as they should be, when that has lasted: until then they are as good as before. */
    private Optional<String> outdated(long nowNs) {
        return lapses.lasting(Lapses.Cause.TABLE, nowNs, settings.leaseNs())
                .or(() -> lapses.lasting(Lapses.Cause.MAPS, nowNs, settings.leaseNs()));
    }

    /** Whether ways may have changed. */
    private boolean look(long nowNs) {
        boolean due = nowNs - lookAtNs >= 0;
        try {
            nextHops.want(addresses(), vips());
            nextHops.look(nowNs);
            lapses.succeeded(Lapses.Cause.LOOK);
        } catch (IOException e) {
            // Nothing is let go because of it.
            lapses.failed(Lapses.Cause.LOOK, e.getMessage(), nowNs);
            lookAtNs = due ? nowNs + RETRY_NS : lookAtNs;
            return nextHops.takeChanged();
        }
        boolean changed = nextHops.takeChanged();
        if (changed || due || !probeWays.isOf(probedVips())) {
            lookAtNs = nowNs + LOOK_NS;
            attachment.follow(nextHops, links());
            sources.follow(settings, nextHops, publisher.reals().values());
            probeWays.follow(probedVips(), publisher.reals().values(), nextHops);
            endLeftTrace();
        }
        return changed;
    }

    /** Each packet pays for it. */
    private void endLeftTrace() {
        if (maps.traceEvery() != 0 && TraceLock.takeLeft(Names.DIRECTORY, settings.name())) {
            maps.endTrace();
            log.traceEnded(settings.name());
        }
    }

    /** That packets get to new backends is worth a moment. */
    private boolean isReady(long nowNs) {
        return nowNs - patienceEndNs >= 0 || pending.services().stream().allMatch(this::isReachable);
    }

    private boolean isReachable(PacketService service) {
        boolean onLink = service.encapsulation() == Encapsulation.L2;
        return service.backends().stream()
                .filter(member -> member.state() == PacketBackend.State.UP)
                .allMatch(member ->
                        nextHops.path(member.backend().address(), onLink).isComplete());
    }

    private Set<IpAddress> addresses() {
        Set<IpAddress> all = new HashSet<>();
        publisher.reals().values().forEach(real -> all.add(real.address()));
        realIds.keys().values().forEach(real -> all.add(real.address()));
        if (pending != null) {
            for (PacketService service : pending.services()) {
                service.backends().forEach(member -> all.add(member.backend().address()));
            }
        }
        return all;
    }

    private Set<IpAddress> vips() {
        Set<IpAddress> all = new HashSet<>();
        publisher.services().values().forEach(service -> service.vips().forEach(vip -> all.add(vip.address())));
        return all;
    }

    private Set<IpAddress> probedVips() {
        Set<IpAddress> all = new HashSet<>();
        for (PacketService service : publisher.services().values()) {
            if (service.probed()) {
                all.add(service.vips().get(0).address());
            }
        }
        return all;
    }

    /** That packets to backends, and probes of this host to VIPs, leave by. */
    private Set<Integer> links() {
        Set<Integer> all = new HashSet<>();
        publisher.reals().values().forEach(real -> all.add(real.path().link()));
        vips().forEach(vip -> all.add(nextHops.linkTo(vip)));
        all.remove(0);
        return all;
    }

    private void report(long nowNs) {
        Map<Integer, Real> reals = publisher.reals();
        unreachable = hopLog.look(reals, realIds.keys(), nextHops, nowNs);
        trouble = severe(reals, nowNs);
        // Before the first table probes would leave where nobody takes them up.
        reached = publisher.version() == 0 ? Set.of() : publisher.reached();
        List<String> troubles = new ArrayList<>(attachment.troubles());
        troubles.addAll(publisher.troubles());
        troubles.addAll(sources.troubles());
        troubles.addAll(probeWays.troubles());
        troubles.addAll(lapses.texts());
        if (!otherName.isEmpty()) {
            troubles.add(otherName);
        }
        if (!loaded.note().isEmpty()) {
            troubles.add(loaded.note());
        }
        tell(troubles);
        troubles.addAll(unreachable);
        status = new PlaneStatus(
                settings.name(),
                publisher.version(),
                publisher.rings(),
                lease.untilNs(),
                attachment.status(),
                publisher.serviceStatus(),
                publisher.backendStatus(),
                troubles);
        if (renamed) {
            writeNames(nowNs);
        }
    }

    private Optional<String> severe(Map<Integer, Real> reals, long nowNs) {
        if (!attachment.isAttached()) {
            return Optional.of("the XDP program is attached nowhere: " + String.join("; ", attachment.troubles()));
        }
        Optional<String> outdated = outdated(nowNs);
        if (outdated.isPresent()) {
            return outdated.map(why -> "the XDP data plane is not up to date: " + why);
        }
        List<Real> up = reals.values().stream()
                .filter(real -> real.state() == Real.State.UP)
                .toList();
        if (!up.isEmpty() && up.stream().noneMatch(real -> real.path().isComplete())) {
            return Optional.of("no backend can be reached: "
                    + (unreachable.isEmpty() ? "nobody has answered yet" : unreachable.get(0)));
        }
        return Optional.empty();
    }

    private void tell(List<String> troubles) {
        String all = String.join("; ", troubles);
        if (!all.isEmpty() && !all.equals(told)) {
            log.trouble(settings.name(), all);
        }
        told = all;
    }

    private void writeNames(long nowNs) {
        String json = Names.of(status).toJson();
        Path file = Names.file(settings.name());
        try {
            if (!json.equals(names)) {
                Names.write(file, json);
                names = json;
            }
            renamed = false;
            lapses.succeeded(Lapses.Cause.NAMES);
        } catch (IOException e) {
            lapses.failed(Lapses.Cause.NAMES, "cannot write " + file + ": " + RunFiles.why(e), nowNs);
        }
    }

    /** How long nothing is to be done. */
    long waitNs(long nowNs) {
        long next = Math.min(Math.min(nextHops.nextNs(), publisher.nextNs()), lookAtNs);
        if (publisher.version() != 0) {
            next = Math.min(next, lease.nextNs());
        }
        if (pending != null) {
            next = Math.min(next, Math.max(publishAtNs, Math.min(patienceEndNs, nowNs + TABLE_PAUSE_NS)));
        }
        long wait = next - nowNs;
        // What could not be written is due all the time.
        boolean failing = lapses.isFailing(Lapses.Cause.MAPS) || lapses.isFailing(Lapses.Cause.TABLE);
        return failing ? Math.min(RETRY_NS, Math.max(TABLE_PAUSE_NS, wait)) : Math.max(0, wait);
    }

    void giveBackLease() {
        try {
            lease.giveBack();
        } catch (BpfException e) {
            log.trouble(settings.name(), e.getMessage());
        }
    }

    Optional<String> trouble() {
        return trouble;
    }

    /** Any thread. */
    boolean reaches(RealKey backend) {
        return reached.contains(backend);
    }

    PlaneStatus status() {
        return status;
    }

    PlaneFigures figures() {
        return maps.figures(status);
    }

    /** The thread has ended. */
    @Override
    public void close() {
        attachment.close();
        maps.close();
        loaded.close();
    }
}
