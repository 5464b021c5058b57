package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MaglevTableTest {
    @Test
    void shouldFindNobodyWhenNoBackendHasWeight() {
        MaglevTable table = Tables.build(7, Tables.ids(2), new int[] {0, 0});

        assertEquals(MaglevTable.NONE, table.lookup(42));
        assertEquals(0, table.backends());
        assertArrayEquals(new int[2], table.slotCounts(2));
    }

    @Test
    void shouldFindNobodyWhenThereAreNoBackends() {
        assertEquals(
                MaglevTable.NONE,
                Tables.build(65_537, new String[0], new int[0]).lookup(-1));
    }

    @Test
    void shouldReachEverySlotInOrderWhenHashesGrow() {
        MaglevTable table = Tables.build(7, Tables.ids(7), new int[] {1, 1, 1, 1, 1, 1, 1});
        for (long slot = 0; slot < 7; slot++) {
            long lowest = ((slot << 32) + 6) / 7;
            assertEquals(table.backendAt((int) slot), table.lookup(lowest << 32));
        }
        assertEquals(table.backendAt(0), table.lookup(0));
        assertEquals(table.backendAt(6), table.lookup(-1));
        assertEquals(table.backendAt(3), table.lookup(Long.MIN_VALUE));
    }

    @Test
    void shouldGiveTheLightestASlotWhenOthersAreAThousandTimesHeavier() {
        int[] weights = new int[1000];
        Arrays.fill(weights, 1000);
        weights[7] = 1;
        assertEquals(1, Tables.build(65_537, Tables.ids(1000), weights).slotCounts(1000)[7]);
    }

    @Test
    void shouldRefuseWhenATableCannotBeBuilt() {
        String[] ids = {"a", "b", "c"};
        int[] weights = {1, 1, 1};
        assertThrows(IllegalArgumentException.class, () -> Tables.build(65_536, ids, weights), "not a prime");
        assertThrows(IllegalArgumentException.class, () -> Tables.build(1, ids, weights), "not a prime");
        assertThrows(IllegalArgumentException.class, () -> Tables.build(0, ids, weights), "not a prime");
        assertThrows(IllegalArgumentException.class, () -> Tables.build(2, ids, weights), "too small");
        assertThrows(
                IllegalArgumentException.class, () -> Tables.build(7, ids, new int[] {1, -1, 1}), "negative weight");
        assertThrows(
                IllegalArgumentException.class,
                () -> Tables.build(7, new String[] {"a", "b", "a"}, weights),
                "id given twice");
    }

    @Test
    void shouldCountWhatHadToMoveWhenABackendLeaves() {
        String[] before = {"a", "b", "c"};
        String[] after = {"c", "a"};
        MaglevTable old = Tables.build(65_537, before, new int[] {1, 1, 1});
        Disruption change = Disruption.between(old, before, Tables.build(65_537, after, new int[] {1, 1}), after);

        assertEquals(old.slotCounts(3)[1], change.unavoidable());
        assertTrue(change.needlessShare() < 0.01, change.toString());
        assertEquals(change.moved(), change.unavoidable() + change.needless());
    }

    @Test
    void shouldCountWhatHadToMoveWhenABackendComes() {
        String[] before = {"a", "b"};
        String[] after = {"b", "new", "a"};
        MaglevTable young = Tables.build(65_537, after, new int[] {1, 1, 1});
        Disruption change = Disruption.between(Tables.build(65_537, before, new int[] {1, 1}), before, young, after);

        assertEquals(young.slotCounts(3)[1], change.unavoidable());
        assertTrue(change.needlessShare() < 0.01, change.toString());
    }

    @Test
    void shouldCallEveryMoveUnavoidableWhenTheLastBackendLeaves() {
        String[] ids = {"a", "b"};
        MaglevTable table = Tables.build(17, ids, new int[] {1, 1});
        MaglevTable empty = Tables.build(17, ids, new int[] {0, 0});

        assertEquals(new Disruption(17, 17, 17), Disruption.between(table, ids, empty, ids));
        assertEquals(new Disruption(17, 17, 17), Disruption.between(empty, ids, table, ids));
        assertEquals(new Disruption(17, 0, 0), Disruption.between(empty, ids, empty, ids));
        assertEquals(0, Disruption.between(empty, ids, table, ids).needlessShare());
    }
}
