package io.penstock.forwarder.xdp;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Small numbers for keys: a key has the same as long as it is used, and for a time after that, in which it may come back. NOT thread
 * safe.
 */
final class StableIds<K> {
    static final int FULL = -1;

    private final int capacity;
    private final Map<K, Integer> ids = new HashMap<>();
    private final Map<Integer, K> keys = new TreeMap<>();
    private final BitSet used = new BitSet();

    /** Those that nobody uses, and when they are free. */
    private final Map<K, Long> leaving = new LinkedHashMap<>();

    StableIds(int capacity) {
        this.capacity = capacity;
    }

    /** The number that the key has, or the lowest free one; {@link #FULL} when there is none. It is used again, if it was leaving. */
    int use(K key) {
        leaving.remove(key);
        int known = find(key);
        if (known != FULL) {
            return known;
        }
        int id = used.nextClearBit(0);
        if (id >= capacity) {
            return FULL;
        }
        adopt(key, id);
        return id;
    }

    /** {@link #FULL} for a key without a number. */
    int find(K key) {
        return ids.getOrDefault(key, FULL);
    }

    /** The key has had this number before; false when either is taken. */
    boolean adopt(K key, int id) {
        if (id < 0 || id >= capacity || used.get(id) || ids.containsKey(key)) {
            return false;
        }
        used.set(id);
        ids.put(key, id);
        keys.put(id, key);
        return true;
    }

    /** Another key has this one's number from now on; false when this has none, or the other has one. */
    boolean rename(K from, K to) {
        Integer id = ids.get(from);
        if (id == null || ids.containsKey(to)) {
            return false;
        }
        forget(from);
        return adopt(to, id);
    }

    /** All others are not used any more; those that were leave at that time. */
    List<K> retain(Set<K> wanted, long freeAtNs) {
        List<K> left = new ArrayList<>();
        for (K key : keys.values()) {
            if (!wanted.contains(key) && leaving.putIfAbsent(key, freeAtNs) == null) {
                left.add(key);
            }
        }
        return left;
    }

    /** The numbers whose time is over; from now on they are anybody's. */
    List<Integer> expire(long nowNs) {
        List<Integer> freed = new ArrayList<>();
        leaving.entrySet().removeIf(entry -> {
            boolean over = nowNs - entry.getValue() >= 0;
            if (over) {
                freed.add(ids.get(entry.getKey()));
                free(entry.getKey());
            }
            return over;
        });
        return freed;
    }

    /** The keys whose time is over, and whose numbers are not free yet. */
    List<K> due(long nowNs) {
        List<K> due = new ArrayList<>();
        leaving.forEach((key, atNs) -> {
            if (nowNs - atNs >= 0) {
                due.add(key);
            }
        });
        return due;
    }

    /** Of a key that is leaving: its number is free at that time, and not before. */
    void postpone(K key, long freeAtNs) {
        leaving.replace(key, freeAtNs);
    }

    /** The number is free at once. */
    void forget(K key) {
        leaving.remove(key);
        free(key);
    }

    private void free(K key) {
        Integer id = ids.remove(key);
        if (id != null) {
            keys.remove(id);
            used.clear(id);
        }
    }

    boolean isLeaving(K key) {
        return leaving.containsKey(key);
    }

    /** When the next number is free; Long.MAX_VALUE when none is leaving. */
    long nextNs() {
        long next = Long.MAX_VALUE;
        for (long at : leaving.values()) {
            next = Math.min(next, at);
        }
        return next;
    }

    /** All that have a key, by number. */
    Map<Integer, K> keys() {
        return keys;
    }
}
