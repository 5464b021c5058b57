package io.penstock.bgp.control;

import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a daemon's table: the paths that clients of its API put in, and how many it has from neighbours. A list is older than
 * what was told, or done, after it was asked for. Of the agent's thread.
 */
final class KnownRib {
    private final Map<IpPrefix, List<RibPath>> local = new HashMap<>();
    private final Set<IpPrefix> newerThanList = new HashSet<>();
    private Optional<Set<IpPrefix>> part = Optional.empty();
    private boolean listing;
    private int learned;

    /**
     * A list is asked for now.
     *
     * @param prefixes of which; empty for all
     */
    void onListing(Optional<Set<IpPrefix>> prefixes) {
        part = prefixes;
        listing = true;
        newerThanList.clear();
    }

    /** Returns whether that was news. */
    boolean onListed(List<RibPath> paths) {
        Map<IpPrefix, List<RibPath>> listed = new HashMap<>();
        for (RibPath path : paths) {
            if (path.local()) {
                listed.computeIfAbsent(path.prefix(), prefix -> new ArrayList<>(1))
                        .add(path);
            }
        }
        part.ifPresent(prefixes -> local.forEach((prefix, there) -> {
            if (!prefixes.contains(prefix)) {
                listed.put(prefix, there);
            }
        }));
        for (IpPrefix prefix : newerThanList) {
            listed.remove(prefix);
            if (local.containsKey(prefix)) {
                listed.put(prefix, local.get(prefix));
            }
        }
        boolean news = !listed.equals(local);
        if (part.isEmpty()) {
            learned = (int) paths.stream().filter(path -> !path.local()).count();
        }
        local.clear();
        local.putAll(listed);
        listing = false;
        newerThanList.clear();
        return news;
    }

    /** A client's path is there now, in place of another. Returns whether that was news. */
    boolean onPath(RibPath path) {
        touch(path.prefix());
        return !List.of(path).equals(local.put(path.prefix(), List.of(path)));
    }

    /** No client's path is there now. Returns whether that was news. */
    boolean onWithdrawn(IpPrefix prefix) {
        touch(prefix);
        return local.remove(prefix) != null;
    }

    private void touch(IpPrefix prefix) {
        if (listing) {
            newerThanList.add(prefix);
        }
    }

    /** Nobody knows any more what is in it. */
    void forget() {
        local.clear();
        newerThanList.clear();
        listing = false;
        learned = 0;
    }

    /** Those of clients at a prefix; with path identifiers there may be several. */
    List<RibPath> at(IpPrefix prefix) {
        return local.getOrDefault(prefix, List.of());
    }

    /** All of clients. */
    List<RibPath> local() {
        return local.values().stream().flatMap(List::stream).toList();
    }

    /** How many neighbours had sent when it was last listed. */
    int learned() {
        return learned;
    }
}
