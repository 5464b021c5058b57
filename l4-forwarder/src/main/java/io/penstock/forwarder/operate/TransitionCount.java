package io.penstock.forwarder.operate;

/**
 * How often backends of a pool came to one state for one reason, since the start or since the pool is there.
 *
 * @param to as in {@link PoolHealth.BackendHealth#state}
 */
public record TransitionCount(String pool, String to, String reason, long count) {}
