/**
 * What is known of the VIPs on this host: {@link io.penstock.bgp.health.HealthWatches} asks forwarders, runs checks and follows the host's
 * addresses, each on threads of its own ({@code bgp-fwd-N}, {@code bgp-probe}, {@code bgp-addr}), and leaves one {@link
 * io.penstock.bgp.policy.Condition} for each VIP, which the agent's thread reads; it is woken by each that changed. May depend on the
 * configuration and on {@code io.penstock.serving}, {@code health} and {@code netlink}.
 */
package io.penstock.bgp.health;
