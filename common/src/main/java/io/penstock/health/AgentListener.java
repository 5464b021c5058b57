package io.penstock.health;

/** Told on the probing thread of reports that differ from the one before; must not block. */
@FunctionalInterface
public interface AgentListener {
    /** An agent's report. An agent that does not answer changes nothing. */
    void onReport(AgentReport report);

    /** The agent sent a line; called before the report it may cause. */
    default void onAnswer() {}

    /** The agent could not be reached, or sent no whole line. */
    default void onNoReport(String evidence) {}
}
