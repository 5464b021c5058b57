package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What holds of every policy. */
class PolicyPropertiesTest {
    private static final int PICKS = 400_000;

    @Provide
    Arbitrary<int[]> weights() {
        Arbitrary<Integer> weight = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(1)),
                Tuple.of(3, Arbitraries.integers().between(1, 10)),
                Tuple.of(1, Arbitraries.integers().between(1, 25_600)));
        return weight.array(int[].class).ofMinSize(1).ofMaxSize(40);
    }

    /** None heavier than ten of another, so that everyone's share can be told from chance. */
    @Provide
    Arbitrary<int[]> similarWeights() {
        return Arbitraries.integers()
                .between(1_000, 10_000)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Property(tries = 300)
    void shouldReturnNoBackendThatIsExcluded(
            @ForAll PolicyKind kind,
            @ForAll("weights") int[] weights,
            @ForAll @IntRange(max = 150) int loadFactorPercent,
            @ForAll long seed) {
        Group group = new Group(weights);
        Policy policy = group.policy(kind, loadFactorPercent <= 100 ? PolicySpec.UNBOUNDED : loadFactorPercent);
        Random random = new Random(seed);
        for (BackendLoad load : group.loads) {
            load.limit(random.nextInt(3), BackendLoad.UNLIMITED);
        }
        Selection selection = new Selection(seed);
        selection.begin(0);
        for (int tries = Math.min(weights.length, Selection.MAX_EXCLUDED); tries > 0; tries--) {
            int backend = policy.pick(random.nextLong(), selection);
            assertNotEquals(Policy.NONE, backend);
            assertFalse(selection.isExcluded(group.loads[backend]), "excluded");
            if (random.nextBoolean()) {
                group.loads[backend].tryAcquire();
            }
            assertTrue(selection.tryExclude(group.loads[backend]));
        }
        if (weights.length <= Selection.MAX_EXCLUDED) {
            assertEquals(Policy.NONE, policy.pick(random.nextLong(), selection));
        }
    }

    @Property(tries = 30)
    void shouldReturnNoneWhenThereIsNobody(@ForAll PolicyKind kind) {
        Group group = new Group();
        assertEquals(Policy.NONE, group.pick(group.policy(kind)));
    }

    /** Policies that hash leave it to the caller to find out that a backend is full. */
    @Property(tries = 200)
    void shouldFindTheOneThatHasRoom(
            @ForAll PolicyKind kind,
            @ForAll @IntRange(min = 1, max = 32) int backends,
            @ForAll @IntRange(max = 31) int free,
            @ForAll boolean onTrial) {
        Assume.that(kind != PolicyKind.MAGLEV && kind != PolicyKind.RING_HASH);
        Group group = Group.equals(backends);
        Policy policy = group.policy(kind);
        for (int i = 0; i < backends; i++) {
            if (i == free % backends) {
                continue;
            }
            if (onTrial) {
                group.loads[i].beginTrial(0);
            } else {
                group.loads[i].limit(0, BackendLoad.UNLIMITED);
            }
        }
        assertEquals(free % backends, group.pick(policy));
    }

    /** Backends that are all idle and all as fast: what is left is the weights. */
    @Property(tries = 60)
    void shouldShareByWeightWithinOnePercentWhenAllAreAlike(
            @ForAll PolicyKind kind, @ForAll("similarWeights") int[] weights) {
        Assume.that(kind != PolicyKind.RING_HASH);
        Group group = new Group(weights);
        assertShares(group, group.serve(group.policy(kind), PICKS), PICKS, 0.01);
    }

    @Property(tries = 20)
    void shouldShareByWeightWithinOnePercentWhenConnectionsStay(
            @ForAll PolicyKind kind, @ForAll("similarWeights") int[] weights) {
        Assume.that(kind != PolicyKind.RING_HASH);
        Group group = new Group(weights);
        int[] counts = group.serve(group.policy(kind), PICKS, 3_000 * weights.length);
        assertShares(group, counts, PICKS, 0.01);
    }

    /** A share of the ring is the sum of random parts, as many as the backend has nodes. */
    @Property(tries = 20)
    void shouldShareByWeightAsPreciselyAsTheNodesAllowWhenTheRingHashes(@ForAll("similarWeights") int[] weights) {
        Group group = new Group(weights);
        int[] counts = group.serve(group.policy(PolicyKind.RING_HASH), PICKS);
        int nodes = PolicySpec.DEFAULT_RING_SIZE / RingScale.FEW / 2 / 10;
        assertShares(group, counts, PICKS, 5 / Math.sqrt(nodes));
    }

    /** So many picks that chance has no part in one per cent: that is at least six standard deviations. */
    @Property(generation = GenerationMode.EXHAUSTIVE)
    void shouldShareByWeightWithinOnePercentWhenPicksAreMillions(@ForAll PolicyKind kind) {
        Assume.that(kind != PolicyKind.RING_HASH);
        Group group = new Group(1, 2, 3, 4);
        int picks = 4_000_000;
        int[] counts = group.serve(group.policy(kind), picks);
        for (int i = 0; i < counts.length; i++) {
            double wanted = picks * (i + 1) / 10.0;
            assertEquals(wanted, counts[i], wanted * 0.01);
        }
    }

    /** Within a part of the share, and what chance does to it: five standard deviations. */
    private static void assertShares(Group group, int[] counts, int picks, double tolerance) {
        assertEquals(picks, Arrays.stream(counts).sum());
        for (int i = 0; i < counts.length; i++) {
            double wanted = picks / group.weightSum() * group.weights[i];
            assertTrue(
                    Math.abs(counts[i] - wanted) <= wanted * tolerance + 5 * Math.sqrt(wanted),
                    i + " of " + Arrays.toString(group.weights) + " has " + counts[i] + ", wanted " + wanted);
        }
    }
}
