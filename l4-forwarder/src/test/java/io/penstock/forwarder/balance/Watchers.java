package io.penstock.forwarder.balance;

/** For tests in other packages. */
public final class Watchers {
    private Watchers() {}

    /** How many accounts this load keeps up. */
    public static int count(BackendLoad load) {
        return load.watcherCount();
    }
}
