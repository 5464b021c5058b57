package io.penstock.bgp.control;

/**
 * Why something is done about a path.
 *
 * @param atNs when the evidence was there, on the agent's clock
 * @param byHealth whether it was about how the VIP can be served: the time from it is how fast the agent reacts
 */
record Cause(long atNs, boolean byHealth) {}
