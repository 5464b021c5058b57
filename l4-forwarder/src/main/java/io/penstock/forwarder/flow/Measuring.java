package io.penstock.forwarder.flow;

/**
 * What a worker measures beyond counting.
 *
 * @param latencies whether times are recorded
 * @param tcpInfoNs how often the kernel is asked how connections to backends fare; {@link #NEVER}, or more than 0
 */
public record Measuring(boolean latencies, long tcpInfoNs) {
    public static final long NEVER = Long.MAX_VALUE;

    public static final Measuring NOTHING = new Measuring(false, NEVER);
}
