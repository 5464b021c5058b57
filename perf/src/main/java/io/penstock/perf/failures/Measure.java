package io.penstock.perf.failures;

/** What is compared of a failure; less is better. */
enum Measure {
    OUT("out", "ms", 100, 0),
    TOUCHED("last-touched", "ms", 100, 0),
    FAILED("failed", "clients", 3, 0.1),
    SLOW("slow", "clients", Double.POSITIVE_INFINITY, 0),
    FAILED_OR_SLOW("failed-or-slow", "clients", 5, 0.1),

    /** A recovery right after a check waits for the next one, whoever checks. */
    BACK("back", "ms", Settings.INTERVAL_MS, 0);

    private final String label;
    private final String unit;
    private final double slack;
    private final double slackShare;

    Measure(String label, String unit, double slack, double slackShare) {
        this.label = label;
        this.unit = unit;
        this.slack = slack;
        this.slackShare = slackShare;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    double of(Observation observation) {
        return switch (this) {
            case OUT -> observation.outMs();
            case TOUCHED -> observation.touchedMs();
            case FAILED -> observation.failed();
            case SLOW -> observation.slow();
            case FAILED_OR_SLOW -> observation.failed() + observation.slow();
            case BACK -> observation.backMs();
        };
    }

    /**
     * How much more than theirs is chance: where a moment falls between two checks or two clients, and what else the
     * machine does. Infinite where less is not better in itself: a client that is slow might have failed.
     */
    double slack(double theirs, Settings settings) {
        // Where checks are not seen the failure begins anywhere between two.
        boolean byChance = (this == OUT || this == TOUCHED) && !settings.isHttp();
        return slack + slackShare * theirs + (byChance ? Settings.INTERVAL_MS : 0);
    }

    boolean isPromised() {
        return Double.isFinite(slack);
    }
}
