package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HashRingTest {
    private static final int SIZE = PolicySpec.DEFAULT_RING_SIZE;
    private static final int FLOWS = 20_000;

    /** No more flows move than had to: none of those that were not at the backend that left. */
    @Property(tries = 30)
    void shouldMoveNobodyElseWhenOneOfEqualBackendsLeaves(
            @ForAll @IntRange(min = 2, max = HashRing.FEW) int backends,
            @ForAll @IntRange(max = HashRing.FEW - 1) int removed,
            @ForAll @IntRange(min = 1, max = 25_600) int weight) {
        int[] weights = new int[backends];
        Arrays.fill(weights, weight);
        String[] ids = Tables.ids(backends);
        String[] rest = without(ids, removed % backends);
        HashRing before = HashRing.build(SIZE, ids, weights, Tables.HASH::ofBytes);
        HashRing after = HashRing.build(SIZE, rest, Arrays.copyOf(weights, backends - 1), Tables.HASH::ofBytes);
        Random random = new Random(weight);
        for (int flow = 0; flow < FLOWS; flow++) {
            long hash = random.nextLong();
            String old = ids[before.backendAt(before.placeOf(hash))];
            String next = rest[after.backendAt(after.placeOf(hash))];
            assertTrue(old.equals(ids[removed % backends]) || old.equals(next), old + " became " + next);
        }
    }

    private static String[] without(String[] ids, int removed) {
        List<String> rest = new ArrayList<>(List.of(ids));
        rest.remove(removed);
        return rest.toArray(new String[0]);
    }

    /** Half as many nodes each, or twice as many: no more than half of the flows find a nearer one. */
    @Example
    void shouldMoveLessThanHalfWhenTheNumberCrossesAPowerOfTwo() {
        String[] ids = Tables.ids(HashRing.FEW + 1);
        int[] weights = new int[ids.length];
        Arrays.fill(weights, 100);
        HashRing before = HashRing.build(SIZE, ids, weights, Tables.HASH::ofBytes);
        HashRing after = HashRing.build(
                SIZE, Arrays.copyOf(ids, HashRing.FEW), Arrays.copyOf(weights, HashRing.FEW), Tables.HASH::ofBytes);
        Random random = new Random(1);
        int moved = 0;
        for (int flow = 0; flow < FLOWS; flow++) {
            long hash = random.nextLong();
            moved += before.backendAt(before.placeOf(hash)) == after.backendAt(after.placeOf(hash)) ? 0 : 1;
        }
        assertTrue(moved < FLOWS / 2, "moved " + moved);
    }

    @Property(tries = 30)
    void shouldGiveEveryHashTheSameIdWhenOnlyTheOrderChanges(
            @ForAll @IntRange(min = 1, max = 100) int backends, @ForAll long seed) {
        Random random = new Random(seed);
        String[] ids = Tables.ids(backends);
        int[] weights = new int[backends];
        Integer[] order = new Integer[backends];
        for (int i = 0; i < backends; i++) {
            weights[i] = 1 + random.nextInt(1000);
            order[i] = i;
        }
        Collections.shuffle(Arrays.asList(order), random);
        String[] otherIds = new String[backends];
        int[] otherWeights = new int[backends];
        for (int i = 0; i < backends; i++) {
            otherIds[i] = ids[order[i]];
            otherWeights[i] = weights[order[i]];
        }
        HashRing ring = HashRing.build(SIZE, ids, weights, Tables.HASH::ofBytes);
        HashRing other = HashRing.build(SIZE, otherIds, otherWeights, Tables.HASH::ofBytes);
        assertEquals(ring.size(), other.size());
        for (int place = 0; place < ring.size(); place++) {
            assertEquals(ids[ring.backendAt(place)], otherIds[other.backendAt(place)]);
        }
    }

    /** Node after node as hashes grow, and from the last back to the first. */
    @Property(tries = 50)
    void shouldGoAroundTheRingWhenHashesGrow(
            @ForAll @IntRange(min = 1, max = 5) int backends, @ForAll @IntRange(min = 1, max = 100) int size) {
        int[] weights = new int[backends];
        Arrays.fill(weights, 1);
        HashRing ring = HashRing.build(size, Tables.ids(backends), weights, Tables.HASH::ofBytes);
        int place = 0;
        boolean wrapped = false;
        for (long step = 0; step < 1 << 16; step++) {
            int next = ring.placeOf(step << 48);
            assertTrue(next >= place || next == 0, next + " after " + place);
            wrapped |= next < place;
            assertTrue(!wrapped || next == 0, next + " after the last");
            place = next;
        }
        assertEquals(0, ring.placeOf(-1L));
    }

    @Property(tries = 100)
    void shouldHaveAboutAsManyNodesAsWanted(
            @ForAll @IntRange(min = 1, max = 3000) int backends, @ForAll @IntRange(min = 1, max = 25_600) int weight) {
        int[] weights = new int[backends];
        Arrays.fill(weights, weight);
        HashRing ring = HashRing.build(SIZE, Tables.ids(backends), weights, Tables.HASH::ofBytes);
        int full = backends > HashRing.FEW ? SIZE / 2 : SIZE / HashRing.FEW * backends;
        assertTrue(ring.size() <= SIZE * 1.01, "as many as " + ring.size());
        assertTrue(ring.size() >= full * 0.495, "only " + ring.size());
    }

    @Example
    void shouldRefuseWhenAnIdIsGivenTwice() {
        assertThrows(
                IllegalArgumentException.class,
                () -> HashRing.build(16, new String[] {"a", "a"}, new int[] {1, 1}, Tables.HASH::ofBytes));
    }
}
