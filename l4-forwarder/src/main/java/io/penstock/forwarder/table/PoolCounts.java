package io.penstock.forwarder.table;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What goes wrong at a pool's backends and ends no connection by itself. Lives as long as the pool is known, over all
 * tables. Safe from any thread: written only where a backend is full or has failed.
 */
public final class PoolCounts {
    private final AtomicLong placesRefused = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();

    /** A backend that was picked had no room, and another was looked for. */
    public void onPlaceRefused() {
        placesRefused.getAndIncrement();
    }

    /** A further backend was tried for a connection. */
    public void onRetry() {
        retries.getAndIncrement();
    }

    public long placesRefused() {
        return placesRefused.get();
    }

    public long retries() {
        return retries.get();
    }
}
