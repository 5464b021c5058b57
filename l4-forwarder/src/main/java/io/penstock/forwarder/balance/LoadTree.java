package io.penstock.forwarder.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The least loaded backend of a group, by a tournament: a leaf for each backend holds its open connections per weight, and
 * each inner node names the winner of the two below, so the root names the least loaded of all. Loads keep their leaves up
 * to date. Without locks; any thread.
 *
 * <p>Who writes a leaf or a node then looks again at what it was made from and does it over when that has changed meanwhile.
 * Of writers that race the one that is late finds out, so that once nothing changes every node is right.
 *
 * <p>Among equal loads it is whose turn comes first, as in start-time fair queueing (Goyal, Vin, Cheng, SIGCOMM 1996): a
 * connection takes a backend of weight w 1/w of virtual time. So idle backends take turns by weight, and one that was busy
 * has no turns to catch up.
 *
 * <p>A load tells the trees of all groups that hold its backend. One that was {@linkplain #retire retired} is told of
 * changes by who picks from it ({@link #isCurrent}).
 */
final class LoadTree {
    private static final VarHandle WINNERS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle KEYS = MethodHandles.arrayElementVarHandle(double[].class);
    private static final int ROOT = 1;

    /** Of {@link #keys}: the load, and from here on what decides between equal loads. */
    private static final int KEYS_PER_LEAF = 3;

    private static final int TURN = 1;
    private static final int TAKEN = 2;

    private final BackendLoad[] loads;
    private final int[] weights;
    private final Leaf[] watchers;

    /** A power of two; those beyond the last backend never win. */
    private final int leaves;

    /** Inner nodes from {@link #ROOT}; below node n are 2n and 2n + 1, and node {@link #leaves} is the first leaf. */
    private final int[] winners;

    /**
     * For each leaf: open connections per weight, infinite when full; the virtual time of its turn; and when it took its
     * last one, which decides between equal turns, since the first of the list would else get more than the last.
     */
    private final double[] keys;

    private volatile double virtualTime;

    /** Turns so far. */
    private final SharedCounter taken = new SharedCounter(0);

    /** From now on the loads tell this tree, until it is {@linkplain #retire retired}. */
    LoadTree(BackendLoad[] loads, int[] weights) {
        this.loads = loads;
        this.weights = weights;
        leaves = Math.max(1, 2 * Integer.highestOneBit(loads.length - 1));
        winners = new int[leaves];
        keys = new double[KEYS_PER_LEAF * leaves];
        Arrays.fill(keys, Double.POSITIVE_INFINITY);
        long seed = BackendLoad.attempts(loads);
        for (int leaf = 0; leaf < loads.length; leaf++) {
            keys[KEYS_PER_LEAF * leaf] = load(leaf);
            keys[KEYS_PER_LEAF * leaf + TURN] = firstTurn(Selection.mix(seed + leaf)) / weights[leaf];
        }
        for (int node = leaves - 1; node >= ROOT; node--) {
            winners[node] = match(node);
        }
        watchers = new Leaf[loads.length];
        for (int leaf = 0; leaf < loads.length; leaf++) {
            watchers[leaf] = new Leaf(leaf);
            loads[leaf].watch(watchers[leaf]);
            watchers[leaf].onChanged();
        }
    }

    /** The loads tell it no longer. */
    void retire() {
        for (int leaf = 0; leaf < loads.length; leaf++) {
            loads[leaf].unwatch(watchers[leaf]);
        }
    }

    /**
     * Exponentially distributed, so that the chance to come first is by weight: trees may follow each other faster than
     * connections, and then it is only the first that counts.
     */
    private static double firstTurn(long random) {
        return -Math.log1p(-(random >>> 11) * 0x1p-53);
    }

    /** The least loaded that is not excluded, or {@link Policy#NONE}. Looks at O(log n) nodes for each that is. */
    int least(Selection selection) {
        return least(ROOT, selection);
    }

    private int least(int node, Selection selection) {
        int winner = winner(node);
        if (winner >= loads.length) {
            return Policy.NONE;
        }
        if (!selection.isExcluded(loads[winner])) {
            return winner;
        }
        if (node >= leaves) {
            return Policy.NONE;
        }
        int left = least(2 * node, selection);
        int right = least(2 * node + 1, selection);
        return right == Policy.NONE || (left != Policy.NONE && !isBefore(right, left)) ? left : right;
    }

    /** Whether this leaf says what is so. */
    boolean isCurrent(int leaf) {
        return key(KEYS_PER_LEAF * leaf) == load(leaf);
    }

    /** Makes this leaf say what is so, and all above it. */
    void update(int leaf) {
        double load = load(leaf);
        do {
            KEYS.setVolatile(keys, KEYS_PER_LEAF * leaf, load);
            load = load(leaf);
        } while (load != key(KEYS_PER_LEAF * leaf));
        for (int node = (leaves + leaf) / 2; node >= ROOT; node /= 2) {
            boolean changed = false;
            int winner = match(node);
            while (winner != winner(node)) {
                WINNERS.setVolatile(winners, node, winner);
                changed = true;
                winner = match(node);
            }
            if (!changed && winner != leaf) {
                return; // Nothing that nodes further up were made from has changed, or not by us.
            }
        }
    }

    private int match(int node) {
        int left = winner(2 * node);
        int right = winner(2 * node + 1);
        return isBefore(right, left) ? right : left;
    }

    private int winner(int node) {
        return node >= leaves ? node - leaves : (int) WINNERS.getVolatile(winners, node);
    }

    private boolean isBefore(int leaf, int other) {
        double load = key(KEYS_PER_LEAF * leaf);
        double otherLoad = key(KEYS_PER_LEAF * other);
        if (load != otherLoad) {
            return load < otherLoad;
        }
        double turn = key(KEYS_PER_LEAF * leaf + TURN);
        double otherTurn = key(KEYS_PER_LEAF * other + TURN);
        return turn < otherTurn
                || (turn == otherTurn && key(KEYS_PER_LEAF * leaf + TAKEN) < key(KEYS_PER_LEAF * other + TAKEN));
    }

    private double key(int index) {
        return (double) KEYS.getVolatile(keys, index);
    }

    private double load(int leaf) {
        BackendLoad load = loads[leaf];
        return load.isFull() ? Double.POSITIVE_INFINITY : (double) load.open() / weights[leaf];
    }

    /** Two that move a turn at once may move it only once; the next turn is then a little early. */
    private void takeTurn(int leaf) {
        double start = Math.max(virtualTime, key(KEYS_PER_LEAF * leaf + TURN));
        virtualTime = start;
        KEYS.setVolatile(keys, KEYS_PER_LEAF * leaf + TURN, start + 1.0 / weights[leaf]);
        KEYS.setVolatile(keys, KEYS_PER_LEAF * leaf + TAKEN, (double) taken.getAndAdd(1));
    }

    private final class Leaf implements LoadWatcher {
        private final int leaf;

        private Leaf(int leaf) {
            this.leaf = leaf;
        }

        @Override
        public void onAcquired() {
            takeTurn(leaf);
            update(leaf);
        }

        @Override
        public void onChanged() {
            if (!isCurrent(leaf)) {
                update(leaf);
            }
        }
    }
}
