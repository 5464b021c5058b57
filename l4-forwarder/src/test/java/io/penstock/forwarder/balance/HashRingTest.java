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
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HashRingTest {
    private static final int SIZE = PolicySpec.DEFAULT_RING_SIZE;
    private static final int FLOWS = 20_000;

    /** No more flows move than had to: none of those that were not at the backend that failed. */
    @Property(generation = GenerationMode.EXHAUSTIVE)
    void shouldMoveNobodyElseWhenOneFails(@ForAll @IntRange(min = 2, max = 100) int backends) {
        Random random = new Random(backends);
        int[] weights = new int[backends];
        Arrays.setAll(weights, i -> 100 * (1 + random.nextInt(backends % 2 == 0 ? 1 : 10)));
        int failed = random.nextInt(backends);
        String[] ids = Tables.ids(backends);
        RingScale scale = RingScale.of(SIZE, weights);
        HashRing before = HashRing.build(scale, ids, weights, Tables.HASH::ofBytes);
        String[] rest = without(ids, failed);
        HashRing after = HashRing.build(scale, rest, without(weights, failed), Tables.HASH::ofBytes);
        for (int flow = 0; flow < FLOWS; flow++) {
            long hash = random.nextLong();
            String old = idOf(hash, before, ids);
            String next = idOf(hash, after, rest);
            assertTrue(old.equals(ids[failed]) || old.equals(next), old + " became " + next);
        }
    }

    /** As in a slow start: flows move to the one that gains weight, or from the one that loses it, and no others do. */
    @Property(tries = 100)
    void shouldMoveFlowsOfThatBackendOnlyWhenAWeightChanges(
            @ForAll @IntRange(min = 2, max = 100) int backends,
            @ForAll @IntRange(min = 1, max = 256) int less,
            @ForAll @IntRange(min = 1, max = 256) int more,
            @ForAll long seed) {
        Random random = new Random(seed);
        String[] ids = Tables.ids(backends);
        int[] weights = new int[backends];
        Arrays.fill(weights, 100);
        RingScale scale = RingScale.of(SIZE, weights);
        int one = random.nextInt(backends);
        weights[one] = Math.min(less, more);
        HashRing light = HashRing.build(scale, ids, weights, Tables.HASH::ofBytes);
        weights[one] = Math.max(less, more);
        HashRing heavy = HashRing.build(scale, ids, weights, Tables.HASH::ofBytes);
        for (int flow = 0; flow < FLOWS; flow++) {
            long hash = random.nextLong();
            String old = idOf(hash, light, ids);
            String next = idOf(hash, heavy, ids);
            assertTrue(next.equals(ids[one]) || old.equals(next), old + " became " + next);
        }
    }

    /** Names bring members and take them: few or many, those that stay keep their nodes. */
    @Example
    void shouldHaveOneScaleForPoolsOfFewEqualMembers() {
        RingScale scale = RingScale.of(SIZE, 1, 100);
        for (int members = 1; members <= RingScale.FEW; members++) {
            assertEquals(scale, RingScale.of(SIZE, members, 100L * members));
        }
        assertEquals(scale.nodesPerWeight() / 2, RingScale.of(SIZE, 17, 1700).nodesPerWeight());
        assertEquals(scale.nodesPerWeight() / 2, RingScale.of(SIZE, 32, 3200).nodesPerWeight());
    }

    private static String idOf(long hash, HashRing ring, String[] ids) {
        return ids[ring.backendAt(ring.placeOf(hash))];
    }

    private static int[] without(int[] weights, int removed) {
        int[] rest = Arrays.copyOf(weights, weights.length - 1);
        System.arraycopy(weights, removed + 1, rest, removed, rest.length - removed);
        return rest;
    }

    private static String[] without(String[] ids, int removed) {
        List<String> rest = new ArrayList<>(List.of(ids));
        rest.remove(removed);
        return rest.toArray(new String[0]);
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
        RingScale scale = RingScale.of(SIZE, weights);
        HashRing ring = HashRing.build(scale, ids, weights, Tables.HASH::ofBytes);
        HashRing other = HashRing.build(scale, otherIds, otherWeights, Tables.HASH::ofBytes);
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
        HashRing ring =
                HashRing.build(RingScale.of(size, weights), Tables.ids(backends), weights, Tables.HASH::ofBytes);
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
        HashRing ring =
                HashRing.build(RingScale.of(SIZE, weights), Tables.ids(backends), weights, Tables.HASH::ofBytes);
        int full = backends > RingScale.FEW ? SIZE / 2 : SIZE / RingScale.FEW * backends;
        assertTrue(ring.size() <= SIZE * 1.01, "as many as " + ring.size());
        assertTrue(ring.size() >= full * 0.495, "only " + ring.size());
    }

    @Example
    void shouldRefuseWhenAnIdIsGivenTwice() {
        assertThrows(
                IllegalArgumentException.class,
                () -> HashRing.build(
                        new RingScale(16), new String[] {"a", "a"}, new int[] {1, 1}, Tables.HASH::ofBytes));
    }
}
