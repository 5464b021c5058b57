package io.penstock.bgp.rib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.rib.Change.Announce;
import io.penstock.bgp.rib.Change.Why;
import io.penstock.bgp.rib.Change.Withdraw;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
    private static final IpPrefix WEB = Table.prefix("192.0.2.10/32");
    private static final IpPrefix DNS = Table.prefix("2001:db8::53/128");
    private static final PathAttributes UP = Table.ours(50);
    private static final PathAttributes DRAINING = Table.ours(500);

    private final Table table = new Table();
    private final Map<IpPrefix, PathAttributes> wanted = new LinkedHashMap<>();

    private RibChanges changes(IpPrefix... undecided) {
        return Reconciler.changes(
                new WantedPaths(wanted, Set.of(undecided)), table.paths(), Table.OWNER, table.taken());
    }

    private void assertOnly(Change change) {
        assertEquals(new RibChanges(List.of(change), Set.of()), changes());
    }

    private void assertNothing() {
        assertEquals(new RibChanges(List.of(), Set.of()), changes());
    }

    @Test
    void shouldDoNothingWhenNothingIsWantedAndNothingThere() {
        assertNothing();
    }

    @Test
    void shouldAnnounceWhatIsNew() {
        wanted.put(WEB, UP);
        assertOnly(new Announce(WEB, UP, Why.NEW));
    }

    @Test
    void shouldAdoptWhatAFormerRunLeft() {
        wanted.put(WEB, UP);
        table.put(WEB, UP);
        assertNothing();
    }

    @Test
    void shouldChangeAttributes() {
        wanted.put(WEB, DRAINING);
        table.put(WEB, UP);
        assertOnly(new Announce(WEB, DRAINING, Why.CHANGED));
    }

    @Test
    void shouldPutBackWhatSomebodyTookOut() {
        wanted.put(WEB, UP);
        table.take(WEB);
        assertOnly(new Announce(WEB, UP, Why.MISSING));
    }

    @Test
    void shouldPutBackWhatSomebodyReplaced() {
        wanted.put(WEB, UP);
        table.take(WEB);
        table.put(WEB, Table.theirs(0));
        assertOnly(new Announce(WEB, UP, Why.REPLACED));
    }

    @Test
    void shouldPutRightWhatSomebodyAddedTo() {
        wanted.put(WEB, UP);
        table.putAltered(WEB, UP);
        assertOnly(new Announce(WEB, UP, Why.ALTERED));
    }

    @Test
    void shouldLeaveItToWhoWasFirst() {
        wanted.put(WEB, UP);
        table.put(WEB, Table.theirs(0));
        assertEquals(new RibChanges(List.of(), Set.of(WEB)), changes());
    }

    @Test
    void shouldTakeAnotherOwnersMarkForForeign() {
        wanted.put(WEB, UP);
        table.put(WEB, Table.anothers(0));
        assertEquals(Set.of(WEB), changes().conflicts());
        wanted.clear();
        assertNothing();
    }

    @Test
    void shouldWithdrawWhatNobodyWants() {
        table.put(WEB, UP);
        table.putAltered(DNS, UP);
        assertEquals(
                Set.of(new Withdraw(WEB, Why.UNWANTED), new Withdraw(DNS, Why.UNWANTED)),
                Set.copyOf(changes().changes()));
    }

    @Test
    void shouldNotTouchWhatTookThePlaceOfOneThatNobodyWants() {
        table.take(WEB);
        table.put(WEB, Table.theirs(0));
        assertNothing();
    }

    @Test
    void shouldNotMindWhatNeighboursSend() {
        wanted.put(WEB, UP);
        table.learn(WEB, Table.theirs(0));
        table.learn(WEB, UP);
        table.learn(DNS, UP);
        assertOnly(new Announce(WEB, UP, Why.NEW));
        table.put(WEB, UP);
        assertNothing();
    }

    @Test
    void shouldLeaveUndecidedOnesAsTheyAre() {
        table.put(WEB, UP);
        assertEquals(new RibChanges(List.of(), Set.of()), changes(WEB, DNS));
        wanted.put(WEB, DRAINING);
        wanted.put(DNS, UP);
        assertEquals(new RibChanges(List.of(), Set.of()), changes(WEB, DNS));
    }

    /** Other clients may add paths with identifiers of their own (RFC 7911); ours is there all the same. */
    @Test
    void shouldNotMindAnotherLocalPathBesideOurs() {
        wanted.put(WEB, UP);
        table.put(WEB, UP);
        table.add(WEB, Table.theirs(0));
        table.add(WEB, DRAINING);
        assertNothing();
    }

    @Test
    void shouldWithdrawFirstAndAnnounceInTheOrderGiven() {
        List<IpPrefix> prefixes = new ArrayList<>();
        for (int i = 1; i < 100; i++) {
            prefixes.add(0, Table.prefix("198.51.100." + i + "/32"));
        }
        prefixes.forEach(prefix -> wanted.put(prefix, UP));
        table.put(WEB, UP);
        List<Change> changes = changes().changes();
        assertEquals(new Withdraw(WEB, Why.UNWANTED), changes.get(0));
        assertEquals(
                prefixes,
                changes.subList(1, changes.size()).stream().map(Change::prefix).toList());
    }

    @Test
    void shouldTellRepairsFromWhatTheAgentWants() {
        assertTrue(Why.MISSING.isRepair() && Why.REPLACED.isRepair() && Why.ALTERED.isRepair());
        assertFalse(Why.NEW.isRepair() || Why.CHANGED.isRepair() || Why.UNWANTED.isRepair());
        assertEquals("missing", Why.MISSING.label());
    }
}
