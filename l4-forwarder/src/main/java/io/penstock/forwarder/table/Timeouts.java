package io.penstock.forwarder.table;

/**
 * How long the phases of a connection may take, in nanoseconds.
 *
 * @param connectNs for each attempt
 * @param idleNs without a byte while both directions are open
 * @param finNs without a byte once one direction has ended
 */
public record Timeouts(long connectNs, long idleNs, long finNs) {}
