package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.table.PacketBackend;
import io.penstock.forwarder.table.PacketService;
import io.penstock.forwarder.table.PacketTable;
import io.penstock.net.FlowHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings a table into the maps, in an order in which every packet in between finds a whole: backends before the rings that name them,
 * rings before the services that lead to them, services before the addresses. What nothing leads to any more goes after a while,
 * and what is there already is not written. {@code fwd-xdp}'s alone.
 */
final class Publisher {
    /** After its last use: flows remember, and programs that have begun end. */
    static final long GRACE_NS = 5_000_000_000L;

    private final PlaneMaps maps;
    private final RealIds realIds;
    private final PlaneLog log;
    private final Rings rings;
    private final Windows windows = new Windows();
    private final StableIds<String> serviceIds = new StableIds<>(Abi.MAX_SERVICES);

    /** What is in the map {@code reals}, but for free numbers. */
    private final Map<Integer, Real> written = new TreeMap<>();

    /** By number. */
    private final Map<Integer, PacketService> services = new TreeMap<>();

    /** Services that are as a process before this one left them, whose checks have had no results yet. */
    private final Set<Integer> held = new HashSet<>();

    /** The pool that each service's ring was made of: it is not looked at again as long as it is the same. */
    private final Map<Integer, BackendPool> placed = new HashMap<>();

    private final List<String> troubles = new ArrayList<>();
    private FlowHash key;
    private List<VipEntry> vips = List.of();
    private List<PortRange> ranges = List.of();
    private long version;

    Publisher(PlaneMaps maps, RealIds realIds, PlaneLog log) {
        this.maps = maps;
        this.realIds = realIds;
        this.log = log;
        rings = new Rings(maps);
    }

    /** What a backend shall be. */
    private record Wanted(Encapsulation encapsulation, int vni, Real.State state) {}

    /** The service was there before this process, and stays as it is until its checks have results. */
    void adoptService(int index, String name, ServiceEntry entry) throws BpfException {
        if (serviceIds.adopt(name, index)) {
            windows.adopt(index, entry);
            held.add(index);
            adoptRing(entry.ring());
            adoptRing(entry.previous());
        }
    }

    private void adoptRing(int ring) throws BpfException {
        if (ring != Abi.NONE) {
            maps.ring(ring).ifPresent(slots -> rings.adopt(ring, slots));
        }
    }

    /** The backend was there before this process. */
    void adoptReal(int id, Real real) {
        written.put(id, real);
    }

    /**
     * Makes the table what the program goes by.
     *
     * @param windowNs how long the ring before a change counts
     */
    void publish(PacketTable table, Paths paths, long windowNs, long nowNs) throws BpfException {
        troubles.clear();
        if (!table.flowHash().equals(key)) {
            key = table.flowHash();
            maps.putKey(key);
        }
        number(table, nowNs + GRACE_NS);
        putReals(paths, nowNs + windowNs + GRACE_NS);
        for (Map.Entry<Integer, PacketService> service : services.entrySet()) {
            if (!held.contains(service.getKey())) {
                putService(service.getKey(), service.getValue(), nowNs + windowNs);
            }
        }
        putVips();
        rings.retain(windows.rings(), nowNs + GRACE_NS);
        version = table.version();
    }

    private void number(PacketTable table, long goneAtNs) {
        services.clear();
        Set<String> names = new HashSet<>();
        for (PacketService service : table.services()) {
            int index = serviceIds.use(service.name());
            if (index == StableIds.FULL) {
                troubles.add("service " + service.name() + " is not served: there is room for " + Abi.MAX_SERVICES);
                continue;
            }
            if (service.settled()) {
                held.remove(index);
            }
            names.add(service.name());
            services.put(index, service);
        }
        held.retainAll(services.keySet());
        // The others are looked up by nobody once the addresses are written.
        serviceIds.retain(names, goneAtNs);
    }

    private void putReals(Paths paths, long goneAtNs) throws BpfException {
        Map<RealKey, Wanted> wanted = wanted();
        if (held.isEmpty()) {
            for (RealKey left : realIds.retain(wanted.keySet(), goneAtNs)) {
                leave(left);
            }
        }
        for (Map.Entry<RealKey, Wanted> real : wanted.entrySet()) {
            int id = realIds.use(real.getKey());
            if (id == StableIds.FULL) {
                troubles.add("backend " + real.getKey() + " gets nothing: there is room for " + Abi.MAX_REALS);
            } else {
                putReal(id, real.getKey(), real.getValue(), paths);
            }
        }
    }

    /** One that is not healthy stays so: its flows are with others. */
    private void leave(RealKey key) throws BpfException {
        int id = realIds.find(key);
        Real last = written.get(id);
        if (last != null && last.state() == Real.State.UP) {
            put(id, last.with(Real.State.DRAINING));
        }
    }

    private Map<RealKey, Wanted> wanted() {
        Map<RealKey, Wanted> wanted = new LinkedHashMap<>();
        services.forEach((index, service) -> {
            for (PacketBackend member : service.backends()) {
                RealKey real = RealKey.of(service.name(), member.backend());
                Real last = held.contains(index) ? written.get(realIds.find(real)) : null;
                Real.State state = last == null ? state(member.state()) : last.state();
                wanted.put(real, new Wanted(service.encapsulation(), service.vni(), state));
            }
        });
        return wanted;
    }

    private static Real.State state(PacketBackend.State state) {
        return switch (state) {
            case UP -> Real.State.UP;
            case DRAINING -> Real.State.DRAINING;
            case DOWN -> Real.State.DOWN;
        };
    }

    private void putReal(int id, RealKey key, Wanted wanted, Paths paths) throws BpfException {
        Real last = written.getOrDefault(id, Real.ABSENT);
        if (last.generation() != realIds.generation(id)) {
            maps.clearVolume(id);
        }
        Real.Path path = paths.path(key.address(), wanted.encapsulation == Encapsulation.L2);
        put(
                id,
                new Real(
                        key.address(),
                        wanted.encapsulation,
                        wanted.vni,
                        wanted.state,
                        better(last, path),
                        realIds.generation(id)));
    }

    /** What was known goes on to be used while nothing better is: a next hop that does not answer may do so again. */
    private static Real.Path better(Real last, Real.Path path) {
        boolean sameLink = path.link() == 0 || path.link() == last.path().link();
        return !path.isComplete() && last.path().isComplete() && sameLink ? last.path() : path;
    }

    private void put(int id, Real real) throws BpfException {
        if (!real.equals(written.get(id))) {
            maps.putReal(id, real);
            written.put(id, real);
        }
    }

    private void putService(int index, PacketService service, long windowEndNs) throws BpfException {
        ServiceEntry before = windows.of(index);
        boolean same = service.pool().equals(placed.get(index)) && !before.isEmpty();
        int ring = same ? before.ring() : ring(service);
        if (ring == StableIds.FULL) {
            troubles.add(
                    "service " + service.name() + " stays as it was: there is room for " + Abi.MAX_RINGS + " rings");
            return;
        }
        remember(index, service);
        ServiceEntry after = windows.change(index, ring, service.remember(), service.hashInput(), windowEndNs);
        if (!after.equals(before)) {
            maps.putService(index, after);
        }
        if (after.ring() != before.ring()) {
            log.ringPublished(service.name(), ring, after.previous() != Abi.NONE);
        }
    }

    /** Not one with a backend that has no number: it may have one the next time. */
    private void remember(int index, PacketService service) {
        boolean numbered = service.backends().stream()
                .allMatch(member -> realIds.find(RealKey.of(service.name(), member.backend())) != StableIds.FULL);
        if (numbered) {
            placed.put(index, service.pool());
        } else {
            placed.remove(index);
        }
    }

    private int ring(PacketService service) throws BpfException {
        return rings.publish(
                RingContent.of(service.pool(), backend -> realIds.find(RealKey.of(service.name(), backend))));
    }

    private void putVips() throws BpfException {
        VipEntries entries = VipEntries.of(services);
        troubles.addAll(entries.troubles());
        if (!entries.entries().equals(vips) || !entries.ranges().equals(ranges)) {
            maps.putVips(entries);
            vips = entries.entries();
            ranges = entries.ranges();
        }
    }

    /**
     * Writes the backend before a table names it, so that probes can reach it: nothing else is sent there.
     *
     * @param service which is known already, or this does nothing
     */
    void announce(String service, Backend.Key backend, Paths paths) throws BpfException {
        RealKey real = RealKey.of(service, backend);
        PacketService known = services.get(serviceIds.find(service));
        int id = realIds.find(real);
        if (known != null && id != StableIds.FULL && !written.containsKey(id)) {
            putReal(id, real, new Wanted(known.encapsulation(), known.vni(), Real.State.DOWN), paths);
        }
    }

    /** Ways have changed. */
    void follow(Paths paths) throws BpfException {
        for (Map.Entry<Integer, Real> entry : List.copyOf(written.entrySet())) {
            Real real = entry.getValue();
            Real.Path path = better(real, paths.path(real.address(), real.encapsulation() == Encapsulation.L2));
            put(
                    entry.getKey(),
                    new Real(real.address(), real.encapsulation(), real.vni(), real.state(), path, real.generation()));
        }
    }

    /** Ends what is over. */
    void tick(long nowNs) throws BpfException {
        for (int service : windows.close(nowNs)) {
            maps.putService(service, windows.of(service));
        }
        for (int service : serviceIds.expire(nowNs)) {
            windows.remove(service);
            placed.remove(service);
            maps.putService(service, ServiceEntry.EMPTY);
        }
        rings.retain(windows.rings(), nowNs + GRACE_NS);
        rings.expire(nowNs);
        for (int id : realIds.expire(nowNs)) {
            Real last = written.remove(id);
            if (last != null) {
                maps.putReal(id, last.gone());
            }
        }
    }

    /** When there is something to end; Long.MAX_VALUE for never. */
    long nextNs() {
        return Math.min(Math.min(windows.nextNs(), rings.nextNs()), Math.min(serviceIds.nextNs(), realIds.nextNs()));
    }

    /** Of the last table. */
    List<String> troubles() {
        return troubles;
    }

    /** All that can be sent to, by number. */
    Map<Integer, Real> reals() {
        return written;
    }

    Map<Integer, PacketService> services() {
        return services;
    }

    long version() {
        return version;
    }

    int rings() {
        return rings.count();
    }

    List<PlaneStatus.Service> serviceStatus() {
        List<PlaneStatus.Service> all = new ArrayList<>();
        services.forEach((index, service) -> {
            ServiceEntry entry = windows.of(index);
            all.add(new PlaneStatus.Service(
                    index,
                    service.name(),
                    service.encapsulation(),
                    VipEntries.texts(service),
                    entry.ring(),
                    entry.previous() == Abi.NONE ? 0 : entry.windowEndNs(),
                    held.contains(index)));
        });
        return all;
    }

    List<PlaneStatus.Backend> backendStatus() {
        Map<Integer, RealKey> keys = realIds.keys();
        List<PlaneStatus.Backend> all = new ArrayList<>();
        written.forEach((id, real) -> {
            RealKey name = keys.getOrDefault(id, RealKey.nameless(real.address()));
            all.add(PlaneStatus.Backend.of(id, name, real));
        });
        return all;
    }
}
