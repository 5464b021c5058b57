package io.penstock.perf.compare;

/**
 * How fast clients are. Only {@link OwnLoad} knows others than {@link #USUAL}.
 *
 * @param order the line that asks the load generator for it
 */
record Pace(String order) {
    /** As the workload has it. */
    static final Pace USUAL = new Pace("go");

    /** As fast as answers come. */
    static final Pace CAPACITY = new Pace("go 0");

    /** An open loop of so many requests a second. */
    static Pace perSecond(double rate) {
        return new Pace("go " + Math.round(rate));
    }
}
