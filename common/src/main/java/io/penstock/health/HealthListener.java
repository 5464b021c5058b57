package io.penstock.health;

/** Told on the probing thread; must not block. */
@FunctionalInterface
public interface HealthListener {
    /**
     * The verdict on a target changed; at first it is {@link HealthPlan#isUpAtFirst}.
     *
     * @param evidence the outcome of the probe that decided, such as {@code connection refused (ECONNREFUSED)}, after the
     *     name of its check when there are several
     */
    void onTransition(boolean up, String evidence);

    /**
     * One probe came to its end; called before the transition it may cause.
     *
     * @param durationNs from the start of the probe
     */
    default void onResult(HealthCheck check, ProbeResult result, long durationNs) {}

    /** Once: every check has had a result, and the transition that the last of them may have caused was told. */
    default void onJudged() {}

    /**
     * After a result and the transition it may have caused: every check has had a result, and the latest of each agrees
     * with the check's state, so nothing speaks against the verdict.
     */
    default void onConfirmed() {}
}
