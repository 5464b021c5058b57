package io.penstock.forwarder.xdp;

import io.penstock.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The numbers of backends. A number that is given to another backend has a new generation, so that what flows remember of the one
 * before does not lead to the other. One that has left keeps its number while packets come to it, unless there are no others left.
 * Safe from any thread: probes ask before the plane is told of a backend.
 */
final class RealIds {
    private final StableIds<RealKey> ids = new StableIds<>(Abi.MAX_REALS);
    private final int[] generations = new int[Abi.MAX_REALS];

    /** By address, those whose name is lost. */
    private final Map<IpAddress, Deque<RealKey>> nameless = new HashMap<>();

    /** No ring names them any more, and flows still do: the one that left first is first. */
    private final Set<RealKey> lingering = new LinkedHashSet<>();

    /** The backend's number, from now on kept; {@link StableIds#FULL} when all are taken. */
    synchronized int use(RealKey key) {
        claimNameless(key);
        lingering.remove(key);
        int known = ids.find(key);
        int id = ids.use(key);
        if (id == StableIds.FULL && !lingering.isEmpty()) {
            RealKey first = lingering.iterator().next();
            lingering.remove(first);
            ids.forget(first);
            id = ids.use(key);
        }
        if (known == StableIds.FULL && id != StableIds.FULL) {
            generations[id]++;
        }
        return id;
    }

    private void claimNameless(RealKey key) {
        Deque<RealKey> left = nameless.get(key.address());
        if (left == null || ids.find(key) != StableIds.FULL) {
            return;
        }
        boolean claimed = false;
        while (!claimed && !left.isEmpty()) {
            RealKey one = left.remove();
            lingering.remove(one);
            claimed = ids.rename(one, key);
        }
        if (left.isEmpty()) {
            nameless.remove(key.address());
        }
    }

    synchronized int find(RealKey key) {
        return ids.find(key);
    }

    synchronized int generation(int id) {
        return generations[id];
    }

    /** What an earlier process left: of a number that is free only its generation counts. */
    synchronized boolean adopt(RealKey key, int id, int generation) {
        generations[id] = generation;
        boolean adopted = ids.adopt(key, id);
        if (adopted && key.isNameless()) {
            nameless.computeIfAbsent(key.address(), unused -> new ArrayDeque<>())
                    .add(key);
        }
        return adopted;
    }

    /** The generation of a free number. */
    synchronized void adopt(int id, int generation) {
        generations[id] = generation;
    }

    /** See {@link StableIds#retain}. */
    synchronized List<RealKey> retain(Set<RealKey> wanted, long freeAtNs) {
        return ids.retain(wanted, freeAtNs);
    }

    /**
     * Frees the numbers whose time is over.
     *
     * @param againNs when to ask again for those to which packets come
     */
    synchronized List<Integer> expire(long nowNs, long againNs, IntPredicate isBusy) {
        for (RealKey due : ids.due(nowNs)) {
            if (isBusy.test(ids.find(due))) {
                ids.postpone(due, againNs);
                lingering.add(due);
            } else {
                lingering.remove(due);
            }
        }
        return ids.expire(nowNs);
    }

    synchronized boolean isLeaving(RealKey key) {
        return ids.isLeaving(key);
    }

    synchronized long nextNs() {
        return ids.nextNs();
    }

    /** By number; a copy. */
    synchronized Map<Integer, RealKey> keys() {
        return new LinkedHashMap<>(ids.keys());
    }
}
