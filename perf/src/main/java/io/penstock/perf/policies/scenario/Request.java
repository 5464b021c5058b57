package io.penstock.perf.policies.scenario;

/**
 * One request.
 *
 * @param atNs when it arrives, from the beginning
 * @param client 0 to {@link Scenario#CLIENTS} - 1
 * @param port of the client, where nobody else gives it one
 * @param workNs at an ordinary backend
 */
public record Request(long atNs, int client, int port, long workNs) {}
