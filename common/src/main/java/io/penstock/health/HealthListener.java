package io.penstock.health;

/** Told of transitions only, on the probing thread; must not block. */
@FunctionalInterface
public interface HealthListener {
    /**
     * A target went up or down.
     *
     * @param evidence the last probe's outcome, such as {@code connection refused}
     */
    void onTransition(boolean up, String evidence);
}
