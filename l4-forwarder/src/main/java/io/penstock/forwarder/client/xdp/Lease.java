package io.penstock.forwarder.client.xdp;

import java.util.Locale;

/**
 * A promise of the process that keeps a data plane up to date.
 *
 * @param untilNs how long it holds, on CLOCK_MONOTONIC; 0 when it was given back
 * @param pid whose it is
 */
record Lease(long untilNs, long pid) {
    private static final double SECOND_NS = 1e9;

    enum State {
        /** Health, drains and changes reach the packets. */
        ALIVE,
        /** The process has gone without a word, or hangs: packets go where they went then. */
        OVER,
        /** It has stopped as it was asked to. */
        RELEASED;

        /** As it is shown. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param nowNs of System.nanoTime, which on Linux is CLOCK_MONOTONIC */
    State state(long nowNs) {
        if (untilNs == 0) {
            return State.RELEASED;
        }
        return untilNs - nowNs > 0 ? State.ALIVE : State.OVER;
    }

    /** Less than 0 when it is over; 0 when it was given back. */
    double leftSeconds(long nowNs) {
        return untilNs == 0 ? 0 : (untilNs - nowNs) / SECOND_NS;
    }
}
