package io.penstock.bgp.rib;

import io.penstock.bgp.rib.Change.Announce;
import io.penstock.bgp.rib.Change.Why;
import io.penstock.bgp.rib.Change.Withdraw;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a table against what is wanted there. Ours is what came by the daemon's API and carries the owner's mark, nothing else: what was
 * learned from neighbours does not matter, and what another client put in is only ever replaced where it took the place of ours.
 */
public final class Reconciler {
    private Reconciler() {}

    /**
     * Once the changes are made, and nothing else is, there are no more to make.
     *
     * @param observed all paths of the table; a prefix may have several
     * @param owner the mark
     * @param taken what the daemon is known to have taken from the agent since it was started, and was not asked to withdraw again
     */
    public static RibChanges changes(
            WantedPaths wanted, Collection<RibPath> observed, LargeCommunity owner, Set<IpPrefix> taken) {
        Map<IpPrefix, List<RibPath>> ours = new LinkedHashMap<>();
        Set<IpPrefix> foreign = new HashSet<>();
        for (RibPath path : observed) {
            if (path.local() && isMarked(path, owner)) {
                ours.computeIfAbsent(path.prefix(), prefix -> new ArrayList<>(1))
                        .add(path);
            } else if (path.local()) {
                foreign.add(path.prefix());
            }
        }
        List<Change> changes = new ArrayList<>();
        for (IpPrefix prefix : ours.keySet()) {
            if (!wanted.announced().containsKey(prefix) && !wanted.undecided().contains(prefix)) {
                changes.add(new Withdraw(prefix, Why.UNWANTED));
            }
        }
        Set<IpPrefix> conflicts = new LinkedHashSet<>();
        wanted.announced().forEach((prefix, attributes) -> {
            List<RibPath> there = ours.getOrDefault(prefix, List.of());
            if (wanted.undecided().contains(prefix)) {
                return;
            }
            if (there.isEmpty() && foreign.contains(prefix) && !taken.contains(prefix)) {
                conflicts.add(prefix);
                return;
            }
            why(attributes, there, foreign.contains(prefix), taken.contains(prefix))
                    .ifPresent(why -> changes.add(new Announce(prefix, attributes, why)));
        });
        return new RibChanges(changes, conflicts);
    }

    /** Empty when it is there as it should be. */
    private static Optional<Why> why(PathAttributes wanted, List<RibPath> there, boolean foreign, boolean taken) {
        if (there.isEmpty()) {
            return Optional.of(foreign ? Why.REPLACED : taken ? Why.MISSING : Why.NEW);
        }
        // With path identifiers there may be several; the one that announcing replaces is not known from here.
        if (there.stream().anyMatch(path -> path.whole() && path.attributes().equals(wanted))) {
            return Optional.empty();
        }
        return Optional.of(there.stream().allMatch(RibPath::whole) ? Why.CHANGED : Why.ALTERED);
    }

    private static boolean isMarked(RibPath path, LargeCommunity owner) {
        return path.attributes().largeCommunities().contains(owner);
    }
}
