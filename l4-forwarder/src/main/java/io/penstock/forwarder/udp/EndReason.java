package io.penstock.forwarder.udp;

import io.penstock.forwarder.balance.FlowOutcome;

/** Why a session ended; each has its counter. */
enum EndReason {
    IDLE(UdpCounter.ENDED_IDLE, FlowOutcome.TIMED_OUT),
    COMPLETED(UdpCounter.ENDED_COMPLETED, FlowOutcome.COMPLETED),
    EVICTED_ONE_WAY(UdpCounter.EVICTED_ONE_WAY),
    EVICTED_ANSWERED(UdpCounter.EVICTED_ANSWERED),
    NO_RESOURCES(UdpCounter.ENDED_NO_RESOURCES),
    LISTENER_CLOSED(UdpCounter.ENDED_LISTENER_CLOSED),
    DRAINED(UdpCounter.ENDED_DRAINED),
    KILLED(UdpCounter.ENDED_KILLED),
    HANDED_OVER(UdpCounter.ENDED_HANDED_OVER),
    STOPPED(UdpCounter.ENDED_STOPPED);

    private final UdpCounter counter;
    private final FlowOutcome outcome;

    EndReason(UdpCounter counter) {
        this(counter, FlowOutcome.CUT);
    }

    EndReason(UdpCounter counter, FlowOutcome outcome) {
        this.counter = counter;
        this.outcome = outcome;
    }

    UdpCounter counter() {
        return counter;
    }

    /** Whether its client lost what it may have wanted to go on with, and nobody wanted it so. */
    boolean isFailure() {
        return this == NO_RESOURCES;
    }

    /** What it is to its backend. */
    FlowOutcome outcome() {
        return outcome;
    }
}
