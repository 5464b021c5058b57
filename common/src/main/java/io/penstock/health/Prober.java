package io.penstock.health;

import java.util.function.Consumer;

/** Asks one target one thing, again and again. Used on the event loop only. */
interface Prober {
    /**
     * Begins a probe; the one before is over. {@code done} is called exactly once, on the event loop, perhaps before this
     * returns, and soon after the timeout at the latest.
     */
    void start(Consumer<ProbeResult> done);

    /** Ends the probe that is under way, if any; {@code done} is not called any more. */
    void cancel();
}
