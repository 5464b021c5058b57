package io.penstock.forwarder.xdp;

/** What a data plane of packets says of itself. Any thread. */
public interface PlaneView {
    /** At the end of its thread's last turn. */
    PlaneStatus status();

    /** What was counted by now: takes some milliseconds with thousands of backends. */
    PlaneFigures figures();
}
