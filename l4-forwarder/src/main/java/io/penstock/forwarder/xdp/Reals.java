package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.table.Encapsulation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The map {@code reals}. A backend that has left goes on with the flows that remember it, until for the length of a window no packet
 * has come to it. {@code fwd-xdp}'s alone.
 */
final class Reals {
    private final PlaneMaps maps;
    private final RealIds ids;

    /** What is in the map, but for free numbers. */
    private final Map<Integer, Real> written = new TreeMap<>();

    /** How many packets had come to those that have left, when that was last looked at. */
    private final Map<Integer, Long> packets = new HashMap<>();

    /** Numbers that are nobody's, which the map does not say yet. */
    private final Set<Integer> freed = new TreeSet<>();

    Reals(PlaneMaps maps, RealIds ids) {
        this.maps = maps;
        this.ids = ids;
    }

    /** What a backend shall be. */
    record Wanted(Encapsulation encapsulation, int vni, Real.State state) {}

    /** It was there before this process. */
    void adopt(int id, Real real) {
        written.put(id, real);
    }

    /** What is written of a backend. */
    Optional<Real> of(RealKey key) {
        return Optional.ofNullable(written.get(ids.find(key)));
    }

    /** False when there is no number left. */
    boolean put(RealKey key, Wanted wanted, Paths paths) throws BpfException {
        int id = ids.use(key);
        if (id == StableIds.FULL) {
            return false;
        }
        put(id, key, wanted, paths);
        return true;
    }

    private void put(int id, RealKey key, Wanted wanted, Paths paths) throws BpfException {
        int generation = ids.generation(id);
        Real last = written.getOrDefault(id, Real.ABSENT);
        if (last.generation() != generation) {
            // Another backend's, whose number it was.
            last = Real.ABSENT;
            maps.clearVolume(id);
        }
        Real.Path path = better(last, paths.path(key.address(), wanted.encapsulation == Encapsulation.L2));
        put(id, new Real(key.address(), wanted.encapsulation, wanted.vni, wanted.state, path, generation));
    }

    /** What was known goes on to be used while nothing better is: a next hop that does not answer may do so again. */
    private static Real.Path better(Real last, Real.Path path) {
        boolean sameLink = path.link() == 0 || path.link() == last.path().link();
        return !path.isComplete() && last.path().isComplete() && sameLink ? last.path() : path;
    }

    private void put(int id, Real real) throws BpfException {
        freed.remove(id);
        if (!real.equals(written.get(id))) {
            maps.putReal(id, real);
            written.put(id, real);
        }
    }

    /** Writes one that is known by its number only, unless it is written. */
    void announce(RealKey key, Wanted wanted, Paths paths) throws BpfException {
        int id = ids.find(key);
        if (id == StableIds.FULL) {
            return;
        }
        Real last = written.get(id);
        if (last == null || last.generation() != ids.generation(id)) {
            put(id, key, wanted, paths);
        }
    }

    /** The others have left: they get no new flows. One that is not healthy stays so: its flows are with others. */
    void retain(Set<RealKey> wanted, long goneAtNs) throws BpfException {
        for (RealKey left : ids.retain(wanted, goneAtNs)) {
            packets.put(ids.find(left), maps.packets(ids.find(left)));
        }
        for (Map.Entry<Integer, RealKey> each : ids.keys().entrySet()) {
            Real last = written.get(each.getKey());
            if (last != null && last.state() == Real.State.UP && !wanted.contains(each.getValue())) {
                put(each.getKey(), last.with(Real.State.DRAINING));
            }
        }
    }

    /** Ways have changed. */
    void follow(Paths paths) throws BpfException {
        for (Map.Entry<Integer, Real> entry : List.copyOf(written.entrySet())) {
            Real real = entry.getValue();
            Real.Path path = better(real, paths.path(real.address(), real.encapsulation() == Encapsulation.L2));
            put(entry.getKey(), real.with(path));
        }
    }

    /** @param againNs when to look again after those that packets come to */
    void tick(long nowNs, long againNs) throws BpfException {
        freed.addAll(ids.expire(nowNs, againNs, this::isBusy));
        for (int id : List.copyOf(freed)) {
            Real last = written.get(id);
            if (last != null) {
                maps.putReal(id, last.gone());
                written.remove(id);
            }
            packets.remove(id);
            freed.remove(id);
        }
    }

    /** Whether packets have come since this was last asked. */
    private boolean isBusy(int id) {
        long now = maps.packets(id);
        Long before = packets.put(id, now);
        return before != null && now != before;
    }

    long nextNs() {
        return ids.nextNs();
    }

    /** By number. */
    Map<Integer, Real> all() {
        return written;
    }

    /** Those whose next hop is in the map, and who are whom the map has by their number. */
    Set<RealKey> reached() {
        Set<RealKey> all = new HashSet<>();
        ids.keys().forEach((id, key) -> {
            Real real = written.get(id);
            if (real != null
                    && real.generation() == ids.generation(id)
                    && real.path().isComplete()) {
                all.add(key);
            }
        });
        return all;
    }

    List<PlaneStatus.Backend> status() {
        Map<Integer, RealKey> keys = ids.keys();
        List<PlaneStatus.Backend> all = new ArrayList<>();
        written.forEach((id, real) -> {
            RealKey name = keys.getOrDefault(id, RealKey.nameless(id, real.address()));
            all.add(PlaneStatus.Backend.of(id, name, real));
        });
        return all;
    }
}
