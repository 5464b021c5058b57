/**
 * What withdraws the agent's paths when the agent itself no longer can: a process of its own, {@link io.penstock.bgp.guard.Guard} as the
 * agent's child and {@link io.penstock.bgp.guard.Companion} as a service, and {@link io.penstock.bgp.guard.GuardKeeper}, the agent's end of
 * the pipe to the child, on the thread {@code bgp-guard}. May depend on {@code gobgp}, {@code route}, {@code config} and {@code event}.
 */
package io.penstock.bgp.guard;
