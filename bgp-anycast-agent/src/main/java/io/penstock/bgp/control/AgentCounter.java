package io.penstock.bgp.control;

/** What the agent's thread counts. */
public enum AgentCounter {
    /** Announcements that the daemon has taken, repairs among them. */
    ANNOUNCES,
    /** Withdrawals that the daemon has taken. */
    WITHDRAWALS,
    /** Calls that the daemon has answered with no. */
    REFUSALS,
    /** Calls that were not answered in time. */
    LATE_CALLS,
    /** Paths that were missing, changed or too much in the daemon though the agent had done nothing about them. */
    REPAIRS,
    /** Looks at the daemon's table because it was time. */
    RESYNCS,
    /** Times that the way to the daemon was up again after it had been lost. */
    RECONNECTS
}
