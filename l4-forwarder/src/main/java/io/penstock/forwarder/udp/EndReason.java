package io.penstock.forwarder.udp;

/** Why a session ended; each has its counter. */
enum EndReason {
    IDLE(UdpCounter.ENDED_IDLE),
    COMPLETED(UdpCounter.ENDED_COMPLETED),
    EVICTED_ONE_WAY(UdpCounter.EVICTED_ONE_WAY),
    EVICTED_ANSWERED(UdpCounter.EVICTED_ANSWERED),
    NO_RESOURCES(UdpCounter.ENDED_NO_RESOURCES),
    LISTENER_CLOSED(UdpCounter.ENDED_LISTENER_CLOSED),
    DRAINED(UdpCounter.ENDED_DRAINED),
    KILLED(UdpCounter.ENDED_KILLED),
    HANDED_OVER(UdpCounter.ENDED_HANDED_OVER),
    STOPPED(UdpCounter.ENDED_STOPPED);

    private final UdpCounter counter;

    EndReason(UdpCounter counter) {
        this.counter = counter;
    }

    UdpCounter counter() {
        return counter;
    }

    /** Whether its client lost what it may have wanted to go on with, and nobody wanted it so. */
    boolean isFailure() {
        return this == NO_RESOURCES;
    }
}
