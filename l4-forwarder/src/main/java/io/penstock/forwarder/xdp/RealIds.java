package io.penstock.forwarder.xdp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbers of backends. A number that is given to another backend has a new generation, so that what flows remember of the one
 * before does not lead to the other. Safe from any thread: probes ask before the plane is told of a backend.
 */
final class RealIds {
    private final StableIds<RealKey> ids = new StableIds<>(Abi.MAX_REALS);
    private final int[] generations = new int[Abi.MAX_REALS];

    /** The backend's number, from now on kept; {@link StableIds#FULL} when all are taken. */
    synchronized int use(RealKey key) {
        ids.rename(RealKey.nameless(key.address()), key);
        int known = ids.find(key);
        int id = ids.use(key);
        if (known == StableIds.FULL && id != StableIds.FULL) {
            generations[id]++;
        }
        return id;
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
        return ids.adopt(key, id);
    }

    /** The generation of a free number. */
    synchronized void adopt(int id, int generation) {
        generations[id] = generation;
    }

    /** See {@link StableIds#retain}. */
    synchronized List<RealKey> retain(Set<RealKey> wanted, long freeAtNs) {
        return ids.retain(wanted, freeAtNs);
    }

    synchronized List<Integer> expire(long nowNs) {
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
