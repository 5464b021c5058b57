package io.penstock.forwarder.balance;

/**
 * Backends in turn, by a {@link Schedule} that all workers go through together. Who is excluded or full is passed over for
 * the one whose turn comes next, and has lost this turn.
 */
final class RoundRobinPolicy implements Policy {
    /** How many turns of others are looked at when one cannot be taken. */
    private static final int WALK_MAX = 64;

    private final char[] turns;
    private final BackendLoad[] loads;
    private final SharedCounter turn;

    /**
     * Begins about where a policy before it was: were each to begin at the first turn, frequent changes of weights would
     * send everyone to the same few backends.
     */
    RoundRobinPolicy(int[] weights, BackendLoad[] loads) {
        turns = Schedule.of(weights);
        this.loads = loads;
        turn = new SharedCounter(BackendLoad.attempts(loads));
    }

    @Override
    public int pick(long hash, Selection selection) {
        int place = (int) (turn.getAndAdd(1) % turns.length);
        for (int walked = Math.min(WALK_MAX, turns.length); walked > 0; walked--) {
            BackendLoad load = loads[turns[place]];
            if (!load.isFull() && !selection.isExcluded(load)) {
                return turns[place];
            }
            place = place + 1 == turns.length ? 0 : place + 1;
        }
        return LastResort.pick(loads, turns[place], selection);
    }
}
