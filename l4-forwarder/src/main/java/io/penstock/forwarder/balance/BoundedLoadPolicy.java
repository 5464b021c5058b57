package io.penstock.forwarder.balance;

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016):
 * with m connections open, the next one included, a backend whose part of the weights is s takes no more than ceil(c * s * m)
 * of them; a flow whose own backend has that many goes on around the circle to the first that has fewer.
 *
 * <p>Workers that pick at the same moment do not see each other's connection yet, so a backend may exceed its bound by
 * one a worker less one.
 */
final class BoundedLoadPolicy implements Policy {
    /** Some 2 / (c - 1)^2 backends are expected to be met; c = 1.05 leaves 800. */
    private static final int WALK_MAX = 1024;

    private final HashCircle circle;
    private final BackendLoad[] loads;
    private final OpenTotal total;

    /** What one open connection of a backend is held against {@link #bounds}: in whole numbers, so that the bound is exact. */
    private final long whole;

    /** A backend's part of {@link #whole}, times the factor. */
    private final long[] bounds;

    BoundedLoadPolicy(HashCircle circle, BackendLoad[] loads, int[] weights, int loadFactorPercent) {
        this.circle = circle;
        this.loads = loads;
        total = new OpenTotal(loads);
        int[] reduced = Weights.reduced(weights);
        whole = 100 * Weights.sum(reduced);
        bounds = new long[weights.length];
        for (int i = 0; i < weights.length; i++) {
            bounds[i] = (long) loadFactorPercent * reduced[i];
        }
    }

    /**
     * When none that has room is met within {@link #WALK_MAX} places, the least loaded of those that were, by its bound.
     */
    @Override
    public int pick(long hash, Selection selection) {
        long open = Math.max(0, total.open()) + 1;
        int place = circle.placeOf(hash);
        int own = circle.backendAt(place);
        int least = NONE;
        for (int walked = Math.min(WALK_MAX, circle.size()); walked > 0; walked--) {
            int backend = circle.backendAt(place);
            BackendLoad load = loads[backend];
            if (!selection.isExcluded(load) && !load.isFull()) {
                // o + 1 <= ceil(x) says the same as o < x, for a whole o
                if (load.open() * whole < bounds[backend] * open) {
                    return backend;
                }
                least = least == NONE || isLess(backend, least) ? backend : least;
            }
            place = circle.after(place);
        }
        return least == NONE ? LastResort.pick(loads, own, selection) : least;
    }

    @Override
    public void retire() {
        total.retire();
    }

    private boolean isLess(int backend, int other) {
        return loads[backend].open() * bounds[other] < loads[other].open() * bounds[backend];
    }
}
