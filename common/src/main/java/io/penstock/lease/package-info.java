/**
 * Addresses that an agent has only for as long as it is there to say so: how long it may be sure of one, and whose is which. Uses
 * {@code netlink} and {@code net} only; of the thread of the agent.
 */
package io.penstock.lease;
