package io.penstock.forwarder.operate;

import java.time.Duration;

/**
 * What a pool's connections met with since the pool is known.
 *
 * @param waits for room at a backend that have ended
 * @param waited all of these added up
 * @param placesRefused backends that were picked and had no room
 * @param retries further backends that were tried for a connection
 */
public record PoolTraffic(long waits, Duration waited, long placesRefused, long retries) {
    public static final PoolTraffic NONE = new PoolTraffic(0, Duration.ZERO, 0, 0);
}
