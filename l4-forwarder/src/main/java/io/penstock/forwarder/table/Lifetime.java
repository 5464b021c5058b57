package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.Selection;

/**
 * How long a connection may be open at most, whatever it does.
 *
 * @param ns from the accept
 * @param jitterPercent of that: each connection ends earlier by its own part of it, 0 to 100, so that those that came
 *     together do not come again together
 */
public record Lifetime(long ns, int jitterPercent) {
    /** Far from where sums overflow. */
    private static final long LONGEST_NS = Long.MAX_VALUE / 4;

    public static final Lifetime UNBOUNDED = new Lifetime(LONGEST_NS, 0);

    /**
     * When a connection ends; always the same for the same one.
     *
     * @param number of the connection: those opened at the same time have different ones
     */
    public long endNs(long openedNs, int number) {
        long spreadNs = ns / 100 * jitterPercent;
        long draw = Selection.mix(openedNs + number) >>> 1;
        return openedNs + ns - (spreadNs == 0 ? 0 : draw % spreadNs);
    }
}
