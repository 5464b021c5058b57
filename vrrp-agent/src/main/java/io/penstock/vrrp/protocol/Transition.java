package io.penstock.vrrp.protocol;

/**
 * A virtual router went from one state into another.
 *
 * @param reason for people
 * @param atNs on the agent's clock
 */
public record Transition(String router, State from, State to, String reason, long atNs) {}
