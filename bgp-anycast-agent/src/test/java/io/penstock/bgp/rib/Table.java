package io.penstock.bgp.rib;

import io.penstock.bgp.rib.Change.Announce;
import io.penstock.bgp.rib.Change.Withdraw;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** A daemon's table, which does what it is told: the API's clients have one path at a prefix, whoever was last. */
final class Table {
    static final LargeCommunity OWNER = new LargeCommunity(65001, 9, 1);

    private static final LargeCommunity ANOTHER = new LargeCommunity(65001, 9, 2);

    private final List<RibPath> paths = new ArrayList<>();
    private final Set<IpPrefix> taken = new HashSet<>();

    static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    static PathAttributes ours(long med) {
        return attributes(med, Set.of(OWNER));
    }

    static PathAttributes anothers(long med) {
        return attributes(med, Set.of(ANOTHER));
    }

    static PathAttributes theirs(long med) {
        return attributes(med, Set.of());
    }

    private static PathAttributes attributes(long med, Set<LargeCommunity> marks) {
        return new PathAttributes(
                Origin.IGP,
                Optional.empty(),
                List.of(),
                OptionalLong.of(med),
                OptionalLong.empty(),
                Collections.emptySortedSet(),
                Collections.emptySortedSet(),
                new TreeSet<>(marks));
    }

    List<RibPath> paths() {
        return paths;
    }

    Set<IpPrefix> taken() {
        return taken;
    }

    /** The agent knows that the daemon took this one, whatever is there now. */
    void take(IpPrefix prefix) {
        taken.add(prefix);
    }

    void put(IpPrefix prefix, PathAttributes attributes) {
        remove(prefix);
        add(prefix, attributes);
    }

    void putAltered(IpPrefix prefix, PathAttributes attributes) {
        remove(prefix);
        paths.add(new RibPath(prefix, attributes, true, false));
    }

    /** Beside what is there. */
    void add(IpPrefix prefix, PathAttributes attributes) {
        paths.add(new RibPath(prefix, attributes, true, true));
    }

    /** From a neighbour. */
    void learn(IpPrefix prefix, PathAttributes attributes) {
        paths.add(new RibPath(prefix, attributes, false, true));
    }

    void remove(IpPrefix prefix) {
        paths.removeIf(path -> path.local() && path.prefix().equals(prefix));
    }

    /** As the agent asks for it. */
    void make(Change change) {
        if (change instanceof Announce announce) {
            put(announce.prefix(), announce.attributes());
            taken.add(announce.prefix());
        } else if (change instanceof Withdraw withdraw) {
            remove(withdraw.prefix());
            taken.remove(withdraw.prefix());
        }
    }
}
