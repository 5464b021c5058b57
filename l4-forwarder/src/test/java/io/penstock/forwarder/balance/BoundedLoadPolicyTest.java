package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BoundedLoadPolicyTest {
    @Property(tries = 60)
    void shouldNeverExceedTheBound(
            @ForAll boolean ring,
            @ForAll @IntRange(min = 1, max = 30) int backends,
            @ForAll @IntRange(min = 105, max = 300) int loadFactorPercent,
            @ForAll long seed) {
        Random random = new Random(seed);
        int[] weights = new int[backends];
        Arrays.setAll(weights, i -> 1 + random.nextInt(4));
        Group group = new Group(weights);
        Policy policy = group.policy(ring ? PolicyKind.RING_HASH : PolicyKind.MAGLEV, loadFactorPercent);
        int[] open = new int[500];
        for (int i = 0; i < 2_000; i++) {
            int slot = i % open.length;
            if (i >= open.length) {
                group.loads[open[slot]].release();
            }
            open[slot] = group.connect(policy);
            int total = Math.min(i + 1, open.length);
            long fairTimesWhole = (long) total * group.weights[open[slot]] * loadFactorPercent;
            long whole = 100 * Weights.sum(weights);
            long bound = (fairTimesWhole + whole - 1) / whole;
            int has = group.loads[open[slot]].open();
            assertTrue(has <= bound, has + " open, bound " + bound);
        }
    }

    /** Under the bound a flow is where it would be without one. */
    @Property(tries = 20)
    void shouldPickTheFlowsOwnBackendWhileItHasRoom(@ForAll boolean ring, @ForAll long hash) {
        Group group = Group.equals(10);
        PolicyKind kind = ring ? PolicyKind.RING_HASH : PolicyKind.MAGLEV;
        group.selection.begin(0);
        int own = group.policy(kind).pick(hash, group.selection);
        Policy bounded = group.policy(kind, 200);
        assertEquals(own, bounded.pick(hash, group.selection));
        group.loads[own].tryAcquire();
        assertTrue(bounded.pick(hash, group.selection) != own, "1 of 1 is more than twice a tenth");
        for (int i = 0; i < 9; i++) {
            group.loads[(own + 1 + i) % 10].tryAcquire();
        }
        assertEquals(own, bounded.pick(hash, group.selection), "2 of 11 is no more than twice a tenth, rounded up");
    }

    @Example
    void shouldCountWhatWasOpenBeforeThePolicyWasMade() {
        Group group = Group.equals(2);
        group.loads[0].tryAcquire();
        group.loads[1].tryAcquire();
        OpenTotal total = new OpenTotal(group.loads);
        assertEquals(2, total.open());
        group.loads[1].onConnectFailed();
        assertEquals(1, total.open());
    }

    /** As with clients of two zones, the second of which has the first's backends and others. */
    @Property(tries = 60)
    void shouldCountEachGroupExactlyWhenGroupsOverlap(
            @ForAll @IntRange(min = 2, max = 10) int backends, @ForAll boolean wholeRetires, @ForAll long seed) {
        Group whole = Group.equals(backends);
        Group part = whole.first(backends / 2);
        OpenTotal wholeTotal = new OpenTotal(whole.loads);
        OpenTotal partTotal = new OpenTotal(part.loads);
        Random random = new Random(seed);
        for (int change = 0; change < 400; change++) {
            BackendLoad load = whole.loads[random.nextInt(backends)];
            if (load.open() > 0 && random.nextInt(3) == 0) {
                load.onAbandoned();
            } else {
                assertTrue(load.tryAcquire());
            }
            if (change == 200) {
                (wholeRetires ? wholeTotal : partTotal).retire();
            }
            if (change < 200 || wholeRetires) {
                assertEquals(open(part), partTotal.open());
            }
            if (change < 200 || !wholeRetires) {
                assertEquals(open(whole), wholeTotal.open());
            }
        }
    }

    /** A group that counted too few connections would take every backend for one at its bound. */
    @Example
    void shouldLeaveFlowsWhereTheyAreWhenAnotherGroupHasTheSameBackends() {
        Group whole = Group.equals(6);
        Group part = whole.first(3);
        Policy wholes = whole.policy(PolicyKind.MAGLEV, 200);
        Policy parts = part.policy(PolicyKind.MAGLEV, 200);
        connectUnevenly(whole);
        assertEquals(0, moved(whole, wholes));
        assertEquals(0, moved(part, parts));
        parts.retire();
        connectUnevenly(whole);
        assertEquals(0, moved(whole, wholes));
    }

    /** Ten to fifteen each. */
    private static void connectUnevenly(Group group) {
        for (int backend = 0; backend < group.size(); backend++) {
            for (int i = 0; i < 10 + backend; i++) {
                assertTrue(group.loads[backend].tryAcquire());
            }
        }
    }

    /** Flows that are not where they would be without a bound. */
    private static int moved(Group group, Policy bounded) {
        Policy unbounded = group.policy(PolicyKind.MAGLEV);
        Random random = new Random(1);
        int moved = 0;
        for (int flow = 0; flow < 1000; flow++) {
            long hash = random.nextLong();
            group.selection.begin(0);
            moved += bounded.pick(hash, group.selection) == unbounded.pick(hash, group.selection) ? 0 : 1;
        }
        return moved;
    }

    private static long open(Group group) {
        return Arrays.stream(group.loads).mapToInt(BackendLoad::open).sum();
    }

    @Example
    void shouldCountExactlyAfterEveryRace() throws InterruptedException {
        Group group = Group.equals(1);
        BackendLoad load = group.loads[0];
        OpenTotal total = new OpenTotal(group.loads);
        Random[] randoms = {new Random(1), new Random(2)};
        int[] open = new int[2];
        Workers.runRounds(
                2,
                200_000,
                worker -> {
                    if (open[worker] == 0 || randoms[worker].nextInt(5) >= open[worker]) {
                        assertTrue(load.tryAcquire());
                        open[worker]++;
                    } else {
                        load.onAbandoned();
                        open[worker]--;
                    }
                },
                () -> assertEquals(open[0] + open[1], total.open()));
    }
}
