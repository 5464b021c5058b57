package io.penstock.forwarder.control;

import java.util.random.RandomGenerator;

/**
 * When connections of a drain are due: the n-th of them n intervals after the beginning, and up to the jitter's part of an
 * interval later. So over many the rate is the one asked for, however late the thread comes around, and no two forwarders
 * stay in step. Pure.
 */
final class DrainPace {
    /** What may be made up for at once after this process, or a worker, was held up: more would be a flood. */
    static final long MAX_BEHIND_NS = 1_000_000_000;

    private static final double SECOND_NS = 1e9;
    private static final int PERCENT = 100;

    private final double intervalNs;
    private final double jitter;
    private final RandomGenerator random;
    private long beginningNs;
    private long taken;
    private double delay;

    /**
     * Nothing is due before {@link #resume}.
     *
     * @param ratePerSecond 0 for never
     * @param jitterPercent of an interval, 0 to 100
     */
    DrainPace(double ratePerSecond, int jitterPercent, RandomGenerator random) {
        intervalNs = ratePerSecond == 0 ? 0 : SECOND_NS / ratePerSecond;
        jitter = (double) jitterPercent / PERCENT;
        this.random = random;
        beginningNs = Long.MAX_VALUE;
    }

    /** There is somebody again: what fell due while there was nobody is forgotten. */
    void resume(long nowNs) {
        beginningNs = nowNs;
        taken = 0;
        drawDelay();
    }

    /** When the next one is due, or {@link MemberState#NEVER}. */
    long dueNs() {
        return intervalNs == 0 || beginningNs == Long.MAX_VALUE
                ? MemberState.NEVER
                : beginningNs + (long) ((taken + delay) * intervalNs);
    }

    /** Takes those that are due, up to so many; how many. */
    int take(int limit, long nowNs) {
        long dueNs = dueNs();
        if (dueNs == MemberState.NEVER) {
            return 0;
        }
        beginningNs += Math.max(0, nowNs - dueNs - MAX_BEHIND_NS);
        int count = 0;
        while (count < limit && dueNs() <= nowNs) {
            count++;
            taken++;
            drawDelay();
        }
        return count;
    }

    /** So many of those that were taken had ended by themselves: others are due in their place. */
    void giveBack(int count) {
        taken -= count;
    }

    private void drawDelay() {
        delay = jitter * random.nextDouble();
    }
}
