package io.penstock.serving;

/** Told on the threads of watches; must not block. */
@FunctionalInterface
public interface VerdictListener {
    /**
     * A verdict was reached, changed or confirmed.
     *
     * @param name of what is watched, as whoever watches it calls it
     */
    void onVerdict(String name, VipVerdict verdict);
}
