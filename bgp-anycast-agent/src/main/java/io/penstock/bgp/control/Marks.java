package io.penstock.bgp.control;

import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.RibPath;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the agent's own paths are marked with. Of the agent's thread. */
final class Marks {
    /** Of this run; the last is in use. */
    private final Set<LargeCommunity> all = new LinkedHashSet<>();

    private Optional<LargeCommunity> owner = Optional.empty();

    /** From now on. Returns whether that is news. */
    boolean use(LargeCommunity next) {
        boolean news = !owner.equals(Optional.of(next));
        all.remove(next);
        all.add(next);
        owner = Optional.of(next);
        return news;
    }

    /** Empty while the daemon has not said who it is. */
    Optional<LargeCommunity> owner() {
        return owner;
    }

    /** Of before the configuration, or the daemon, was another. */
    List<LargeCommunity> former() {
        return all.stream().filter(mark -> !owner.equals(Optional.of(mark))).toList();
    }

    /** Whether it has the mark that is in use. */
    boolean isOwn(RibPath path) {
        return owner.isPresent() && path.attributes().largeCommunities().contains(owner.get());
    }

    /** Whether it has that, or one of before. */
    boolean wasOwn(RibPath path) {
        return all.stream()
                .anyMatch(mark -> path.attributes().largeCommunities().contains(mark));
    }
}
