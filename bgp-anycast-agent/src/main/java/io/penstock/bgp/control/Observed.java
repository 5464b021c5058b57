package io.penstock.bgp.control;

import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.Optional;
import java.util.stream.Stream;

/** What is known of the daemon's table, which of it is the agent's, and how far that can be relied on. Of the agent's thread. */
final class Observed {
    final KnownRib rib = new KnownRib();
    final Marks marks = new Marks();
    final Evidence evidence = new Evidence();

    void onListing() {
        evidence.onListing();
        rib.onListing();
    }

    void onLost() {
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
