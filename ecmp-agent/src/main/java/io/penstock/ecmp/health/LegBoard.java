package io.penstock.ecmp.health;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What checks say of each leg. Watches post, the agent reads and is woken by changes. Safe from any thread. */
public final class LegBoard {
    private final Map<String, Boolean> up = new ConcurrentHashMap<>();
    private final Runnable wake;

    /** @param wake the agent, which then reads; must not block */
    public LegBoard(Runnable wake) {
        this.wake = wake;
    }

    void post(String leg, boolean isUp) {
        Boolean before = up.put(leg, isUp);
        if (before == null || before != isUp) {
            wake.run();
        }
    }

    void forget(String leg) {
        up.remove(leg);
    }

    /** By {@code ROUTE/LEG}; one that no check has judged yet is not there. */
    public Map<String, Boolean> up() {
        return Map.copyOf(up);
    }
}
