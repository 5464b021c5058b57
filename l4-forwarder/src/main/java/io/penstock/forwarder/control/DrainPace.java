package io.penstock.forwarder.control;

import java.util.random.RandomGenerator;

/**
 * When connections of a drain are due: the n-th of them n intervals after the beginning, and up to the jitter's part of an
 * interval later. No interval is ever given up, so over the whole the rate is the one asked for, however late the thread
 * comes around, and no two forwarders stay in step. What a stall has left behind is made up for at twice the rate. Pure.
 *
 * <p>That bound is the generic cell rate algorithm (ITU-T I.371): each taken moves the earliest moment of the next by half
 * an interval, from {@link #BURST_NS} before now at the earliest.
 */
final class DrainPace {
    /** While it is behind. */
    static final int CATCH_UP = 2;

    /** So far back, time that went unused counts: on a busy host the thread may come around that late again and again. */
    static final long BURST_NS = 100_000_000;

    /**
     * Of what is due, so much time's worth is taken at once, and the next when that is done. It bounds how far two may swap
     * places that different workers reset.
     */
    static final long PART_NS = 20_000_000;

    private static final double SECOND_NS = 1e9;
    private static final int PERCENT = 100;

    private final double intervalNs;
    private final long leastGapNs;
    private final int part;
    private final double jitter;
    private final RandomGenerator random;
    private long beginningNs;
    private long taken;
    private double delay;
    private long earliestNs;

    /**
     * Nothing is due before {@link #resume}.
     *
     * @param ratePerSecond 0 for never
     * @param jitterPercent of an interval, 0 to 100
     */
    DrainPace(double ratePerSecond, int jitterPercent, RandomGenerator random) {
        intervalNs = ratePerSecond == 0 ? 0 : SECOND_NS / ratePerSecond;
        part = intervalNs == 0 ? 0 : (int) Math.max(1, PART_NS / intervalNs);
        leastGapNs = (long) (intervalNs / CATCH_UP);
        jitter = (double) jitterPercent / PERCENT;
        this.random = random;
        beginningNs = Long.MAX_VALUE;
    }

    /** There is somebody again: what fell due while there was nobody is forgotten. */
    void resume(long nowNs) {
        beginningNs = nowNs;
        earliestNs = nowNs;
        taken = 0;
        drawDelay();
    }

    /** When the next one is due, or {@link MemberState#NEVER}. */
    long dueNs() {
        return intervalNs == 0 || beginningNs == Long.MAX_VALUE
                ? MemberState.NEVER
                : Math.max(earliestNs, beginningNs + (long) ((taken + delay) * intervalNs));
    }

    /** Takes those that are due, up to so many, or a part of them; how many. The rest are due still. */
    int take(int limit, long nowNs) {
        earliestNs = Math.max(earliestNs, nowNs - BURST_NS);
        int count = 0;
        while (count < Math.min(limit, part) && dueNs() <= nowNs) {
            count++;
            taken++;
            earliestNs += leastGapNs;
            drawDelay();
        }
        return count;
    }

    /** So many of those that were taken had ended by themselves: others are due in their place. */
    void giveBack(int count) {
        taken -= count;
        earliestNs -= count * leastGapNs;
    }

    private void drawDelay() {
        delay = jitter * random.nextDouble();
    }
}
