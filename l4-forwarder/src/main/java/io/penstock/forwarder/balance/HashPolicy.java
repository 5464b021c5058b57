package io.penstock.forwarder.balance;

/** The backend whose place a flow's hash leads to; for a further attempt, the next one met from there on. */
final class HashPolicy implements Policy {
    /**
     * How many places a retry looks at. Backends of similar weight are met within a few dozen; beside a neighbour a
     * thousand times heavier the walk ends here and the list of backends decides instead.
     */
    private static final int WALK_MAX = 4096;

    private final HashCircle circle;
    private final BackendLoad[] loads;

    HashPolicy(HashCircle circle, BackendLoad[] loads) {
        this.circle = circle;
        this.loads = loads;
    }

    @Override
    public int pick(long hash, Selection selection) {
        int place = circle.placeOf(hash);
        return selection.excludedCount() == 0 ? circle.backendAt(place) : next(place, selection);
    }

    private int next(int own, Selection selection) {
        int place = own;
        for (int walked = Math.min(WALK_MAX, circle.size()); walked > 0; walked--) {
            int backend = circle.backendAt(place);
            if (!selection.isExcluded(loads[backend])) {
                return backend;
            }
            place = circle.after(place);
        }
        return LastResort.pick(loads, own % loads.length, selection);
    }
}
