package io.penstock.forwarder.balance;

/** How a connection or session ended as its backend sees it: few, as there are as many counters as backends times these. */
public enum FlowOutcome {
    /** Both sides ended it, or each datagram had its replies. */
    COMPLETED,
    /** The client reset or vanished. */
    CLIENT_FAILED,
    /** The backend reset. */
    BACKEND_RESET,
    /** The backend vanished: probes or data stayed without an answer. */
    BACKEND_TIMED_OUT,
    /** Idle, half-closed or open for longer than the service allows. */
    TIMED_OUT,
    /** A session that went on with another backend. */
    MOVED,
    /** Ended by this forwarder: a drain, an operator, its own end, or for want of room. */
    CUT
}
