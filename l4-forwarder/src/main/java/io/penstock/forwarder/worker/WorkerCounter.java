package io.penstock.forwarder.worker;

/** What a worker counts about its own loop. */
public enum WorkerCounter {
    /** Turns of the loop. */
    TURNS,
    /** Events dispatched. */
    EVENTS,
    /** Tables adopted after the first. */
    TABLES_ADOPTED
}
