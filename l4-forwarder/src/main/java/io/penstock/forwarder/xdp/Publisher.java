package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
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
import java.util.Optional;
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
    private final Reals reals;
    private final Windows windows = new Windows();
    private final StableIds<String> serviceIds = new StableIds<>(Abi.MAX_SERVICES);

    /** By number. */
    private final Map<Integer, PacketService> services = new TreeMap<>();

    /** Services that are as a process before this one left them, whose checks have had no results yet. */
    private final Set<Integer> held = new HashSet<>();

    /** The pool that each service's ring was made of: it is not looked at again as long as it is the same. */
    private final Map<Integer, BackendPool> placed = new HashMap<>();

    private final List<String> troubles = new ArrayList<>();
    private FlowHash key;

    /** Those in the map; null while they may be those of a process before this one. */
    private VipEntries vips;

    /** Of the last service whose ring was made: those that share its pool have the same choices. */
    private RingContent content;

    private long version;

    Publisher(PlaneMaps maps, RealIds realIds, PlaneLog log) {
        this.maps = maps;
        this.realIds = realIds;
        this.log = log;
        rings = new Rings(maps);
        reals = new Reals(maps, realIds);
    }

    /** What is not to wait for the whole of a table is done between two services. */
    interface Pulse {
        /** Returns the time. */
        long beat() throws BpfException;
    }

    /** The service was there before this process, and stays as it is until its checks have results. */
    void adoptService(int index, String name, ServiceEntry entry) throws BpfException {
        if (serviceIds.adopt(name, index)) {
            windows.adopt(index, entry);
            held.add(index);
            adoptRing(entry.ring());
            adoptRing(entry.previous());
        }
    }

    /** Addresses lead to a service that nobody knows by name: its number and rings stay until they do no more. */
    void reserveService(int index, ServiceEntry entry) throws BpfException {
        if (serviceIds.adopt("adopted " + index, index)) {
            windows.adopt(index, entry);
            adoptRing(entry.ring());
            adoptRing(entry.previous());
        }
    }

    /** All that are there and have not been adopted: packets may be on their way through them. */
    void reserveRings() {
        for (int id = 0; id < Abi.MAX_RINGS; id++) {
            if (maps.hasRing(id)) {
                rings.reserve(id);
            }
        }
    }

    private void adoptRing(int ring) throws BpfException {
        if (ring != Abi.NONE) {
            maps.ring(ring).ifPresent(slots -> rings.adopt(ring, slots));
        }
    }

    /** The backend was there before this process. */
    void adoptReal(int id, Real real) {
        reals.adopt(id, real);
    }

    /**
     * Makes the table what the program goes by.
     *
     * @param windowNs how long the ring before a change counts
     * @param pulse asked between services: many rings take longer than a lease
     */
    void publish(PacketTable table, Paths paths, long windowNs, Pulse pulse) throws BpfException {
        troubles.clear();
        if (!table.flowHash().equals(key)) {
            maps.putKey(table.flowHash());
            key = table.flowHash();
        }
        number(table);
        Map<RealKey, Reals.Wanted> wanted = wanted();
        putReals(wanted, paths);
        for (Map.Entry<Integer, PacketService> service : services.entrySet()) {
            if (!held.contains(service.getKey())) {
                putService(service.getKey(), service.getValue(), pulse.beat(), windowNs);
            }
        }
        content = null;
        putVips();
        long writtenNs = pulse.beat();
        // All that was is looked up by nobody any more, now that the addresses are written.
        if (held.isEmpty()) {
            reals.retain(wanted.keySet(), writtenNs + windowNs + GRACE_NS);
        }
        Set<String> names = new HashSet<>();
        services.values().forEach(service -> names.add(service.name()));
        serviceIds.retain(names, writtenNs + GRACE_NS);
        rings.retain(windows.rings(), writtenNs + GRACE_NS);
        version = table.version();
    }

    private void number(PacketTable table) {
        services.clear();
        for (PacketService service : table.services()) {
            int index = serviceIds.use(service.name());
            if (index == StableIds.FULL) {
                troubles.add("service " + service.name() + " is not served: there is room for " + Abi.MAX_SERVICES);
                continue;
            }
            if (service.settled()) {
                held.remove(index);
            }
            services.put(index, service);
        }
        held.retainAll(services.keySet());
    }

    private void putReals(Map<RealKey, Reals.Wanted> wanted, Paths paths) throws BpfException {
        for (Map.Entry<RealKey, Reals.Wanted> real : wanted.entrySet()) {
            if (!reals.put(real.getKey(), real.getValue(), paths)) {
                troubles.add("backend " + real.getKey() + " gets nothing: there is room for " + Abi.MAX_REALS);
            }
        }
    }

    private Map<RealKey, Reals.Wanted> wanted() {
        Map<RealKey, Reals.Wanted> wanted = new LinkedHashMap<>();
        services.forEach((index, service) -> {
            for (PacketBackend member : service.backends()) {
                RealKey key = RealKey.of(service.name(), member.backend());
                Optional<Real> last = held.contains(index) ? reals.of(key) : Optional.empty();
                Real.State state = last.map(Real::state).orElseGet(() -> state(member.state()));
                wanted.put(key, new Reals.Wanted(service.encapsulation(), service.vni(), state));
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

    private void putService(int index, PacketService service, long nowNs, long windowNs) throws BpfException {
        ServiceEntry before = windows.of(index);
        boolean same = service.pool().equals(placed.get(index)) && !before.isEmpty();
        int ring = same ? before.ring() : ring(service);
        if (ring == StableIds.FULL) {
            troubles.add(
                    "service " + service.name() + " stays as it was: there is room for " + Abi.MAX_RINGS + " rings");
            return;
        }
        ServiceEntry wanted = new ServiceEntry(ring, Abi.NONE, 0, service.remember(), service.hashInput());
        ServiceEntry after = windows.next(index, wanted, nowNs, windowNs);
        if (!after.equals(before)) {
            maps.putService(index, after);
            windows.put(index, after, nowNs);
        }
        remember(index, service);
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
        if (content == null || !content.isOf(service.pool())) {
            content = RingContent.of(service.pool());
        }
        return rings.publish(content.slots(backend -> realIds.find(RealKey.of(service.name(), backend))));
    }

    private void putVips() throws BpfException {
        VipEntries entries = VipEntries.of(services);
        troubles.addAll(entries.troubles());
        if (vips == null || !entries.isWrittenLike(vips)) {
            maps.putVips(entries);
            vips = entries;
        }
    }

    /**
     * Writes the backend before a table names it, so that probes can reach it: nothing else is sent there.
     *
     * @param service which is known already, or this does nothing
     */
    void announce(String service, Backend.Key backend, Paths paths) throws BpfException {
        PacketService known = services.get(serviceIds.find(service));
        if (known != null) {
            Reals.Wanted down = new Reals.Wanted(known.encapsulation(), known.vni(), Real.State.DOWN);
            reals.announce(RealKey.of(service, backend), down, paths);
        }
    }

    /** Ways have changed. */
    void follow(Paths paths) throws BpfException {
        reals.follow(paths);
    }

    /**
     * Ends what is over.
     *
     * @param windowNs how long no packet has come to a backend that has left when it is over
     */
    void tick(long nowNs, long windowNs) throws BpfException {
        for (int service : windows.due(nowNs)) {
            ServiceEntry closed = windows.of(service).withoutPrevious();
            maps.putService(service, closed);
            windows.put(service, closed, nowNs);
        }
        for (String name : serviceIds.due(nowNs)) {
            int service = serviceIds.find(name);
            maps.putService(service, ServiceEntry.EMPTY);
            windows.remove(service);
            placed.remove(service);
            serviceIds.forget(name);
        }
        rings.retain(windows.rings(), nowNs + GRACE_NS);
        rings.expire(nowNs);
        reals.tick(nowNs, nowNs + windowNs + GRACE_NS);
    }

    /** When there is something to end; Long.MAX_VALUE for never. */
    long nextNs() {
        return Math.min(Math.min(windows.nextNs(), rings.nextNs()), Math.min(serviceIds.nextNs(), reals.nextNs()));
    }

    /** Of the last table. */
    List<String> troubles() {
        return troubles;
    }

    /** All that can be sent to, by number. */
    Map<Integer, Real> reals() {
        return reals.all();
    }

    /** Those that packets can be sent to. */
    Set<RealKey> reached() {
        return reals.reached();
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
        return reals.status();
    }
}
