package io.penstock.forwarder.worker;

/** Why another thread has connections reset, or sessions closed. */
public enum ResetCause {
    /** A drain, at its pace. */
    DRAIN,
    /** The operator named them. */
    KILL
}
