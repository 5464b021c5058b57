package io.penstock.health;

/** Told on the probing thread; must not block. */
@FunctionalInterface
public interface HealthListener {
    /**
     * The verdict on a target changed.
     *
     * @param evidence the probe's outcome that decided, such as {@code connection refused}
     */
    void onTransition(boolean up, String evidence);
}
