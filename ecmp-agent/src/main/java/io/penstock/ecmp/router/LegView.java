package io.penstock.ecmp.router;

import io.penstock.net.IpAddress;

/**
 * One leg as people see it.
 *
 * @param interfaceName as configured, or as found; empty while it is neither
 * @param used whether the route leads to it
 * @param reason for people, in a few words
 * @param sinceNs of this state, on the agent's clock
 */
public record LegView(
        String id,
        IpAddress gateway,
        String interfaceName,
        int weight,
        LegState state,
        boolean used,
        String reason,
        long sinceNs) {}
