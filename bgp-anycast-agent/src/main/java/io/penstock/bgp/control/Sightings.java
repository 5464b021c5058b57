package io.penstock.bgp.control;

import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which neighbours were sent what, as the daemon says: one of them is asked about at a time. Of the agent's thread. */
final class Sightings {
    /** Until what has changed is with the neighbours, and more has changed. */
    static final long PAUSE_NS = 200_000_000;

    static final long PERIOD_NS = 1_000_000_000;

    private static final long NEVER = Long.MAX_VALUE;

    private final BgpDaemon daemon;
    private final DaemonLink link;
    private final Calls calls;
    private final Neighbours neighbours;
    private final Map<IpAddress, Set<IpPrefix>> sent = new HashMap<>();
    private final Deque<IpAddress> toAsk = new ArrayDeque<>();
    private Collection<IpPrefix> prefixes = Set.of();
    private boolean asking;
    private long dueNs = NEVER;
    private long lastNs;

    Sightings(BgpDaemon daemon, DaemonLink link, Calls calls, Neighbours neighbours) {
        this.daemon = daemon;
        this.link = link;
        this.calls = calls;
        this.neighbours = neighbours;
    }

    /** It may be another than it was. */
    void want() {
        if (dueNs == NEVER) {
            dueNs = Math.max(calls.nowNs() + PAUSE_NS, lastNs + PERIOD_NS);
        }
    }

    void onLost() {
        sent.clear();
        toAsk.clear();
        asking = false;
        dueNs = NEVER;
    }

    long deadlineNs() {
        return link.isUp() && !asking ? dueNs : NEVER;
    }

    /**
     * Returns whether there was something to do.
     *
     * @param announced what is asked about
     */
    boolean turn(Collection<IpPrefix> announced, long nowNs) {
        if (!link.isUp() || asking || nowNs < dueNs) {
            return false;
        }
        dueNs = NEVER;
        lastNs = nowNs;
        prefixes = announced;
        toAsk.clear();
        toAsk.addAll(neighbours.established());
        sent.keySet().retainAll(toAsk);
        askNext();
        return true;
    }

    private void askNext() {
        asking = false;
        Set<IpAddress> established = neighbours.established();
        IpAddress next = toAsk.poll();
        while (next != null && !established.contains(next)) {
            next = toAsk.poll();
        }
        if (next == null) {
            return;
        }
        IpAddress asked = next;
        PeerView peer = neighbours.find(asked).orElseThrow();
        asking = true;
        link.call(
                daemon.sentTo(peer.address(), prefixes),
                seen -> {
                    sent.put(asked, seen);
                    askNext();
                },
                why -> {
                    // Its session may have ended meanwhile. If it is the daemon, that shows in what it is asked for
                    // more
                    // dearly.
                    sent.remove(asked);
                    askNext();
                });
    }

    /** Names of the neighbours that were sent this. */
    SortedSet<String> of(IpPrefix prefix) {
        SortedSet<String> names = new TreeSet<>();
        sent.forEach((address, seen) -> {
            if (seen.contains(prefix)) {
                names.add(neighbours.name(address));
            }
        });
        return Collections.unmodifiableSortedSet(names);
    }
}
