package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class LoadTreeTest {
    @Provide
    Arbitrary<int[]> weights() {
        return Arbitraries.integers()
                .between(1, 300)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(70);
    }

    private final Selection selection = new Selection(1);

    /** Any changes, any exclusions: the one found has the least load of all that are not excluded. */
    @Property(tries = 300)
    void shouldFindTheLeastLoaded(@ForAll("weights") int[] weights, @ForAll long seed) {
        Group group = new Group(weights);
        LoadTree tree = new LoadTree(group.loads, weights);
        Random random = new Random(seed);
        List<BackendLoad> open = new ArrayList<>();
        for (int change = 0; change < 200; change++) {
            change(group, open, random);
            selection.begin(0);
            for (int excluded = random.nextInt(4); excluded > 0; excluded--) {
                selection.tryExclude(group.loads[random.nextInt(weights.length)]);
            }
            assertLeast(group, tree.least(selection));
        }
    }

    /** As with clients of two zones, the second of which has the first's backends and others. */
    @Property(tries = 100)
    void shouldFindTheLeastLoadedOfEachGroupWhenGroupsOverlap(
            @ForAll("weights") int[] weights, @ForAll boolean wholeRetires, @ForAll long seed) {
        Group whole = new Group(weights);
        Group part = whole.first((weights.length + 1) / 2);
        LoadTree wholeTree = new LoadTree(whole.loads, whole.weights);
        LoadTree partTree = new LoadTree(part.loads, part.weights);
        Random random = new Random(seed);
        List<BackendLoad> open = new ArrayList<>();
        selection.begin(0);
        for (int change = 0; change < 200; change++) {
            change(whole, open, random);
            assertLeast(whole, wholeTree.least(selection));
            assertLeast(part, partTree.least(selection));
        }
        (wholeRetires ? wholeTree : partTree).retire();
        for (int change = 0; change < 200; change++) {
            change(whole, open, random);
            assertLeast(wholeRetires ? part : whole, (wholeRetires ? partTree : wholeTree).least(selection));
        }
    }

    /** With one connection open at each, about, loads are often equal, and so are turns. */
    @Example
    void shouldGiveEqualBackendsEqualSharesWhereverTheyStand() {
        int picks = 200_000;
        Group group = new Group(1, 1, 1, 1, 1, 1, 1, 1);
        LeastConnectionsPolicy policy = new LeastConnectionsPolicy(new int[] {1, 1, 1, 1, 1, 1, 1, 1}, group.loads);
        Random random = new Random(5);
        List<BackendLoad> open = new ArrayList<>();
        int[] taken = new int[group.size()];
        for (int pick = 0; pick < picks; pick++) {
            for (int i = open.size() - 1; i >= 0; i--) {
                if (random.nextInt(group.size()) == 0) {
                    open.remove(i).release();
                }
            }
            int backend = policy.pick(0, selection);
            assertTrue(group.loads[backend].tryAcquire());
            group.loads[backend].onConnected(1, 0);
            open.add(group.loads[backend]);
            taken[backend]++;
        }
        for (int backend = 0; backend < group.size(); backend++) {
            assertEquals(1, (double) taken[backend] * group.size() / picks, 0.01, "share of " + backend);
        }
    }

    private static void change(Group group, List<BackendLoad> open, Random random) {
        BackendLoad load = group.loads[random.nextInt(group.size())];
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> {
                if (load.tryAcquire()) {
                    load.onConnected(1, 0);
                    open.add(load);
                }
            }
            case 3 -> {
                if (!open.isEmpty()) {
                    open.remove(random.nextInt(open.size())).release();
                }
            }
            case 4 -> load.limit(random.nextInt(4), BackendLoad.UNLIMITED);
            default -> {
                if (random.nextBoolean()) {
                    load.beginTrial(random.nextInt(2));
                } else {
                    load.endTrial();
                }
            }
        }
    }

    private void assertLeast(Group group, int found) {
        double least = Double.MAX_VALUE;
        boolean any = false;
        for (int i = 0; i < group.size(); i++) {
            BackendLoad load = group.loads[i];
            if (!selection.isExcluded(load)) {
                any = true;
                least = load.isFull() ? least : Math.min(least, (double) load.open() / group.weights[i]);
            }
        }
        if (!any) {
            assertEquals(Policy.NONE, found);
            return;
        }
        assertNotEquals(Policy.NONE, found);
        assertFalse(selection.isExcluded(group.loads[found]), "excluded");
        if (least < Double.MAX_VALUE) {
            assertFalse(group.loads[found].isFull(), "full, while another is not");
            assertEquals(least, (double) group.loads[found].open() / group.weights[found]);
        }
    }

    /** Workers that take what the tree says and end connections as they like; when they are done it must be right. */
    @Property(tries = 20)
    void shouldBeRightOnceWorkersAreDone(@ForAll @IntRange(min = 1, max = 40) int backends, @ForAll long seed)
            throws InterruptedException {
        int[] weights = new int[backends];
        Random random = new Random(seed);
        for (int i = 0; i < backends; i++) {
            weights[i] = 1 + random.nextInt(5);
        }
        Group group = new Group(weights);
        LoadTree tree = new LoadTree(group.loads, weights);
        group.loads[0].limit(20, 5);
        Workers.run(4, worker -> work(tree, group, new Random(seed + worker)));
        for (int i = 0; i < backends; i++) {
            assertTrue(tree.isCurrent(i), "leaf " + i);
        }
        selection.begin(0);
        while (selection.excludedCount() < Math.min(backends, Selection.MAX_EXCLUDED)) {
            int least = tree.least(selection);
            assertLeast(group, least);
            selection.tryExclude(group.loads[least]);
        }
    }

    private static void work(LoadTree tree, Group group, Random random) {
        Selection own = new Selection(random.nextLong());
        List<BackendLoad> open = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            own.begin(0);
            BackendLoad load = group.loads[tree.least(own)];
            if (random.nextInt(10) < 6 && load.tryAcquire()) {
                if (random.nextInt(5) == 0) {
                    load.onConnectFailed();
                } else {
                    load.onConnected(1, 0);
                    open.add(load);
                }
            } else if (!open.isEmpty()) {
                open.remove(random.nextInt(open.size())).release();
            }
        }
    }

    @Example
    void shouldBeRightAfterEveryRace() throws InterruptedException {
        Group group = Group.equals(4);
        LoadTree tree = new LoadTree(group.loads, group.weights);
        List<Random> randoms = List.of(new Random(1), new Random(2));
        List<List<BackendLoad>> open = List.of(new ArrayList<>(), new ArrayList<>());
        Workers.runRounds(2, 200_000, worker -> race(group, open.get(worker), randoms.get(worker)), () -> {
            for (int i = 0; i < group.size(); i++) {
                assertTrue(tree.isCurrent(i), "leaf " + i);
            }
            selection.begin(0);
            assertLeast(group, tree.least(selection));
        });
    }

    private static void race(Group group, List<BackendLoad> open, Random random) {
        if (random.nextInt(6) >= open.size()) {
            BackendLoad load = group.loads[random.nextInt(group.size())];
            assertTrue(load.tryAcquire());
            open.add(load);
        } else {
            open.remove(random.nextInt(open.size())).onAbandoned();
        }
    }

    /** The tables of other pools may take long to build; until then workers pick from a tree that nobody tells anything. */
    @Example
    void shouldStillSpreadWhenRetired() {
        Group group = Group.equals(8);
        Policy old = group.policy(PolicyKind.LEAST_CONNECTIONS);
        old.retire();
        for (int i = 0; i < 800; i++) {
            group.connect(old);
        }
        for (BackendLoad load : group.loads) {
            assertEquals(100, load.open());
        }
    }

    /** A tree for each connection, as when weights are changed faster than clients come. */
    @Example
    void shouldShareByWeightWhenEveryPickHasANewTree() {
        Group group = new Group(1, 2, 5);
        int[] counts = new int[3];
        for (int i = 0; i < 16_000; i++) {
            Policy policy = group.policy(PolicyKind.LEAST_CONNECTIONS);
            int backend = group.connect(policy);
            group.loads[backend].release();
            policy.retire();
            counts[backend]++;
        }
        assertEquals(2_000, counts[0], 250);
        assertEquals(4_000, counts[1], 300);
        assertEquals(10_000, counts[2], 350);
    }

    @Example
    void shouldOweNoTurnsToABackendThatWasBusy() {
        Group group = Group.equals(2);
        Policy policy = group.policy(PolicyKind.LEAST_CONNECTIONS);
        assertTrue(group.loads[0].tryAcquire());
        assertEquals(100, group.serve(policy, 100)[1]);
        group.loads[0].onAbandoned();
        int[] counts = group.serve(policy, 100);
        assertEquals(50, counts[0], 1);
    }
}
