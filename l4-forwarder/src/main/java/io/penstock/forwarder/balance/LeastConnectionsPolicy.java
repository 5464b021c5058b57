package io.penstock.forwarder.balance;

/** The backend with the fewest open connections per weight, of all. Equals take turns by weight. */
final class LeastConnectionsPolicy implements Policy {
    /** How often the choice is made anew because others have changed the load of the one chosen. */
    private static final int LOOKS_MAX = 4;

    private final LoadTree tree;

    LeastConnectionsPolicy(int[] weights, BackendLoad[] loads) {
        tree = new LoadTree(loads, weights);
    }

    @Override
    public int pick(long hash, Selection selection) {
        int least = tree.least(selection);
        for (int look = 1; look < LOOKS_MAX && least != NONE && !tree.isCurrent(least); look++) {
            tree.update(least);
            least = tree.least(selection);
        }
        return least;
    }

    @Override
    public void retire() {
        tree.retire();
    }
}
