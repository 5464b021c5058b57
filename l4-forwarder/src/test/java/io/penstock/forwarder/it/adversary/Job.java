package io.penstock.forwarder.it.adversary;

/**
 * A script to be played once.
 *
 * @param number what its bytes depend on; another one for each script of a campaign
 * @param mayStall whether it is played where timeouts are short
 */
record Job(long number, Script script, Run.Way way, boolean mayStall) {
    Job(long number, Script script, Run.Way way) {
        this(number, script, way, StallForecast.mayStall(script));
    }
}
