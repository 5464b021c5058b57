package io.penstock.bgp.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any table, and whatever is wanted there. */
class ReconcilerPropertyTest {
    private static final List<IpPrefix> PREFIXES = List.of(
            Table.prefix("192.0.2.1/32"),
            Table.prefix("192.0.2.2/32"),
            Table.prefix("192.0.2.0/24"),
            Table.prefix("2001:db8::1/128"),
            Table.prefix("2001:db8::/48"));

    private final Table table = new Table();
    private final Map<IpPrefix, PathAttributes> announced = new HashMap<>();
    private final Set<IpPrefix> undecided = new HashSet<>();

    private void fill(Random random) {
        for (IpPrefix prefix : PREFIXES) {
            switch (random.nextInt(5)) {
                case 0 -> table.put(prefix, Table.ours(random.nextInt(2)));
                case 1 -> table.putAltered(prefix, Table.ours(random.nextInt(2)));
                case 2 -> table.put(prefix, Table.theirs(random.nextInt(2)));
                case 3 -> table.put(prefix, Table.anothers(random.nextInt(2)));
                default -> {}
            }
            if (random.nextInt(3) == 0) {
                table.learn(prefix, random.nextBoolean() ? Table.ours(0) : Table.theirs(0));
            }
            if (random.nextInt(3) == 0) {
                table.take(prefix);
            }
            if (random.nextInt(3) != 0) {
                announced.put(prefix, Table.ours(random.nextInt(2)));
            }
            if (random.nextInt(5) == 0) {
                undecided.add(prefix);
            }
        }
    }

    private RibChanges changes() {
        return Reconciler.changes(new WantedPaths(announced, undecided), table.paths(), Table.OWNER, table.taken());
    }

    private List<RibPath> seen(Predicate<RibPath> which) {
        return table.paths().stream().filter(which).toList();
    }

    @Property
    void shouldComeToAFixedPoint(@ForAll long seed) {
        fill(new Random(seed));
        List<RibPath> learned = seen(path -> !path.local());
        List<RibPath> left = seen(path -> undecided.contains(path.prefix()));
        RibChanges first = changes();

        first.changes().forEach(table::make);

        assertEquals(new RibChanges(List.of(), first.conflicts()), changes());
        assertEquals(learned, seen(path -> !path.local()));
        assertEquals(left, seen(path -> undecided.contains(path.prefix())));
        for (IpPrefix prefix : PREFIXES) {
            if (!undecided.contains(prefix) && !first.conflicts().contains(prefix)) {
                List<RibPath> expected = announced.containsKey(prefix)
                        ? List.of(new RibPath(prefix, announced.get(prefix), true, true))
                        : List.of();
                assertEquals(expected, seen(path -> path.prefix().equals(prefix) && isOurs(path)));
            }
        }
    }

    @Property
    void shouldNeverTouchWhatIsForeign(@ForAll long seed) {
        fill(new Random(seed));
        List<RibPath> foreign = seen(path -> path.local()
                && !isOurs(path)
                && (!table.taken().contains(path.prefix()) || !announced.containsKey(path.prefix())));
        RibChanges changes = changes();

        for (RibPath path : foreign) {
            assertFalse(changes.changes().stream()
                    .anyMatch(change -> change.prefix().equals(path.prefix())));
            assertEquals(
                    announced.containsKey(path.prefix()) && !undecided.contains(path.prefix()),
                    changes.conflicts().contains(path.prefix()));
        }
        changes.changes().forEach(table::make);
        assertTrue(table.paths().containsAll(foreign));
    }

    @Property
    void shouldNameAPrefixOnce(@ForAll long seed) {
        Random random = new Random(seed);
        fill(random);
        PREFIXES.forEach(prefix -> table.add(prefix, Table.ours(random.nextInt(3))));
        List<IpPrefix> named = changes().changes().stream().map(Change::prefix).toList();
        assertEquals(Set.copyOf(named).size(), named.size());
    }

    private static boolean isOurs(RibPath path) {
        return path.local() && path.attributes().largeCommunities().contains(Table.OWNER);
    }
}
