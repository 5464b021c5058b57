package io.penstock.forwarder.balance;

/**
 * Told when a {@link BackendLoad} has changed, after the change, by the thread that changed it. Must not block or
 * allocate.
 */
interface LoadWatcher {
    /** One more connection was placed. */
    void onAcquired();

    /** A connection ended, or there is room where there was none, or none where there was. */
    void onChanged();
}
