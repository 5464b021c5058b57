package io.penstock.bgp.control;

import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is known of the daemon's table, which of it is the agent's, and how far that can be relied on. Of the agent's thread. */
final class Observed {
    /** So many paths are listed in less time than a call may take. */
    static final int LARGE = 10_000;

    static final long WHOLE_NS = 300_000_000_000L;

    final KnownRib rib = new KnownRib();
    final Marks marks = new Marks();
    final Evidence evidence = new Evidence();
    private Optional<Set<IpPrefix>> part = Optional.empty();
    private boolean large;
    private boolean wholeUnderWay;
    private long wholeAtNs = Long.MIN_VALUE;

    /**
     * It is looked at now. All of a large table rarely: to list 200,000 paths costs a daemon seconds of its processor, and what changes at
     * other prefixes it tells.
     *
     * @param known where there is, or may be, something of the agent's
     * @return at which prefixes; empty for everywhere
     */
    Optional<Set<IpPrefix>> onListing(Set<IpPrefix> known, long nowNs) {
        evidence.onListing();
        boolean soon = !evidence.isFresh() && nowNs >= wholeAtNs;
        if (!large || soon) {
            wholeAtNs = nowNs + WHOLE_NS;
            part = Optional.empty();
            wholeUnderWay = large;
        } else {
            Set<IpPrefix> prefixes = new HashSet<>(known);
            rib.local().forEach(path -> prefixes.add(path.prefix()));
            part = Optional.of(prefixes);
        }
        rib.onListing(part);
        return part;
    }

    /** Of what was asked for. */
    void onListed() {
        evidence.onListed();
        wholeUnderWay = false;
        if (part.isEmpty()) {
            large = rib.learned() >= LARGE;
        }
    }

    void onLost() {
        // What was in it may be left at other prefixes: not the first look at one that is back, but the next.
        // One that could not list all of a large table is not asked for that again so soon.
        wholeAtNs = wholeUnderWay ? wholeAtNs : Long.MIN_VALUE;
        wholeUnderWay = false;
        evidence.onLost(hasOwn());
        rib.forget();
    }

    /** What the daemon has of the agent's own. */
    Optional<PathAttributes> ownAt(IpPrefix prefix) {
        return rib.at(prefix).stream()
                .filter(marks::isOwn)
                .map(RibPath::attributes)
                .findFirst();
    }

    boolean isForeignAt(IpPrefix prefix) {
        return rib.at(prefix).stream().anyMatch(path -> !marks.isOwn(path));
    }

    /** Paths of others, as of the last list what neighbours sent. */
    int foreign() {
        return rib.learned()
                + (int) rib.local().stream().filter(path -> !marks.isOwn(path)).count();
    }

    /** Prefixes of paths with a mark of this run. */
    Stream<IpPrefix> own() {
        return rib.local().stream().filter(marks::wasOwn).map(RibPath::prefix);
    }

    boolean hasOwn() {
        return own().findAny().isPresent();
    }
}
