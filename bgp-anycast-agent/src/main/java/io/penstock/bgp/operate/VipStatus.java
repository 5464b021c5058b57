package io.penstock.bgp.operate;

import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Stance;
import io.penstock.bgp.route.PathAttributes;
import java.util.Optional;
import java.util.SortedSet;

/**
 * How a VIP is.
 *
 * @param condition as last known
 * @param wanted what the daemon is to announce; empty for nothing
 * @param announced what is in the daemon's table of the agent's own; empty for nothing
 * @param sentTo names of the neighbours that were sent it
 * @param foreign whether somebody else has a path at this prefix there
 * @param trouble why the daemon does not have what is wanted; empty when it has or nobody knows
 */
public record VipStatus(
        VipConfig config,
        Condition condition,
        Stance stance,
        Optional<PathAttributes> wanted,
        Optional<PathAttributes> announced,
        SortedSet<String> sentTo,
        boolean foreign,
        String trouble) {}
