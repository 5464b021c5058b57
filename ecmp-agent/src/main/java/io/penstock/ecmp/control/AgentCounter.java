package io.penstock.ecmp.control;

/** What the agent's thread counts. */
public enum AgentCounter {
    /** Looks at the whole of the kernel, each followed by the changes that it calls for. */
    RECONCILES,
    /** Those of them that came because it was time, not because anything had been told. */
    RESYNCS,
    /** Looks and changes that the kernel gave no answer to. */
    FAILURES,
    /** Batches of lease refreshes. */
    REFRESHES,
    /** Changes that the kernel told of, whoever made them. */
    EVENTS,
    /** Times that the kernel told more than was taken in; each is followed by a look at everything. */
    EVENTS_LOST
}
