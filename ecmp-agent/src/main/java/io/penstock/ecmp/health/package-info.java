/**
 * What is asked of forwarders and probed of hosts, and what that says: {@link io.penstock.ecmp.health.HealthWatches} runs it
 * all on threads of its own and leaves what it knows on an {@link io.penstock.ecmp.health.VerdictBoard} and a {@link
 * io.penstock.ecmp.health.LegBoard}, from which the agent's thread reads. May depend on the configuration and on
 * {@code io.penstock.health} and {@code io.penstock.serving}.
 */
package io.penstock.ecmp.health;
