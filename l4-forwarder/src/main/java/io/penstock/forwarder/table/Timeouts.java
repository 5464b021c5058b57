package io.penstock.forwarder.table;

/**
 * How long the phases of a connection may take, in nanoseconds.
 *
 * @param connectNs for each attempt
 * @param idleNs without a byte while both directions are open
 * @param finNs without a byte once one direction has ended
 * @param firstByteNs from the accept to the client's first byte; {@link #NONE} for as long as it is not idle
 * @param lifetime of a connection that has a backend
 */
public record Timeouts(long connectNs, long idleNs, long finNs, long firstByteNs, Lifetime lifetime) {
    /** Longer than anything lasts, and far from where sums overflow. */
    public static final long NONE = Long.MAX_VALUE / 4;

    /** A client may say nothing for as long as it is not idle, and a connection may last for ever. */
    public Timeouts(long connectNs, long idleNs, long finNs) {
        this(connectNs, idleNs, finNs, NONE, Lifetime.UNBOUNDED);
    }
}
