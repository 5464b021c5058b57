package io.penstock.forwarder.xdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rings of each service, as they are written: the one in use and, for a while after a change, the one before. Of several changes
 * within one window, that is the one by which most flows were placed: the one in use before them, unless one since was in use
 * for half a window. Times are those of {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC, the program's clock. NOT thread safe.
 */
final class Windows {
    private final Map<Integer, ServiceEntry> entries = new TreeMap<>();

    /** When the ring in use came to be so; not of what a process before this one wrote. */
    private final Map<Integer, Long> since = new HashMap<>();

    /** What a process before this one wrote. */
    void adopt(int service, ServiceEntry entry) {
        entries.put(service, entry);
    }

    /** {@link ServiceEntry#EMPTY} for a service without a ring. */
    ServiceEntry of(int service) {
        return entries.getOrDefault(service, ServiceEntry.EMPTY);
    }

    /**
     * What to write so that the service's ring is another one, or is used otherwise.
     *
     * @param wanted without a ring before
     */
    ServiceEntry next(int service, ServiceEntry wanted, long nowNs, long windowNs) {
        ServiceEntry before = of(service);
        if (before.isEmpty()) {
            return wanted;
        }
        if (wanted.ring() == before.ring()) {
            return wanted.after(before.previous(), before.windowEndNs());
        }
        Long sinceNs = since.get(service);
        boolean brief = sinceNs != null && nowNs - sinceNs < windowNs / 2;
        if (before.previous() == Abi.NONE || !brief) {
            return wanted.after(before.ring(), nowNs + windowNs);
        }
        // A change that is taken back: hardly a flow was placed by the ring between.
        return wanted.ring() == before.previous() ? wanted : wanted.after(before.previous(), before.windowEndNs());
    }

    /** This has been written. */
    void put(int service, ServiceEntry entry, long nowNs) {
        ServiceEntry before = of(service);
        entries.put(service, entry);
        if (entry.ring() != before.ring()) {
            since.put(service, nowNs);
        }
    }

    void remove(int service) {
        entries.remove(service);
        since.remove(service);
    }

    /** Services whose window is over. */
    List<Integer> due(long nowNs) {
        List<Integer> due = new ArrayList<>();
        entries.forEach((service, entry) -> {
            if (entry.previous() != Abi.NONE && nowNs - entry.windowEndNs() >= 0) {
                due.add(service);
            }
        });
        return due;
    }

    /** All rings that a service may be looked up in. */
    Set<Integer> rings() {
        Set<Integer> rings = new HashSet<>();
        for (ServiceEntry entry : entries.values()) {
            rings.add(entry.ring());
            rings.add(entry.previous());
        }
        rings.remove(Abi.NONE);
        return rings;
    }

    /** When the next window closes; Long.MAX_VALUE when none is open. */
    long nextNs() {
        long next = Long.MAX_VALUE;
        for (ServiceEntry entry : entries.values()) {
            if (entry.previous() != Abi.NONE) {
                next = Math.min(next, entry.windowEndNs());
            }
        }
        return next;
    }
}
