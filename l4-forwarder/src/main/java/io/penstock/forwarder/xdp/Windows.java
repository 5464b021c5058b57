package io.penstock.forwarder.xdp;

import io.penstock.forwarder.balance.HashInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rings of each service: the one in use and, for a while after a change, the one before. Of two changes within one window the
 * earlier ring is forgotten. Times are those of {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC, the program's clock. NOT
 * thread safe.
 */
final class Windows {
    private final Map<Integer, ServiceEntry> entries = new TreeMap<>();

    /** What a process before this one wrote. */
    void adopt(int service, ServiceEntry entry) {
        entries.put(service, entry);
    }

    /** {@link ServiceEntry#EMPTY} for a service without a ring. */
    ServiceEntry of(int service) {
        return entries.getOrDefault(service, ServiceEntry.EMPTY);
    }

    /** The service's ring is this from now on. */
    ServiceEntry change(int service, int ring, boolean remember, HashInput input, long windowEndNs) {
        ServiceEntry before = of(service);
        ServiceEntry after = before.isEmpty() || before.ring() == ring
                ? new ServiceEntry(ring, before.previous(), before.windowEndNs(), remember, input)
                : new ServiceEntry(ring, before.ring(), windowEndNs, remember, input);
        entries.put(service, after);
        return after;
    }

    void remove(int service) {
        entries.remove(service);
    }

    /** Closes the windows that are over, and says whose they were. */
    List<Integer> close(long nowNs) {
        List<Integer> closed = new ArrayList<>();
        entries.replaceAll((service, entry) -> {
            if (entry.previous() == Abi.NONE || nowNs - entry.windowEndNs() < 0) {
                return entry;
            }
            closed.add(service);
            return entry.withoutPrevious();
        });
        return closed;
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
