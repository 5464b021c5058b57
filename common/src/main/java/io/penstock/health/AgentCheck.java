package io.penstock.health;

/**
 * Asks an agent beside the target what it wants (HAProxy's agent-check: one line of text after the connect, then the end
 * of the stream; see {@code agent-check} in its configuration manual).
 *
 * @param port the agent listens on, at the target's address
 * @param send sent after the connect; may be empty
 */
public record AgentCheck(int port, Octets send, Schedule schedule, HealthCheck.Origin origin) {}
