package io.penstock.ecmp.router;

import io.penstock.net.IpPrefix;
import java.util.List;

/**
 * One route as people see it.
 *
 * @param group the id of its nexthop group; 0 for none
 * @param reason for people, in a few words
 * @param sinceNs of this state, on the agent's clock
 */
public record RouteView(
        String name,
        IpPrefix prefix,
        int table,
        long metric,
        boolean resilient,
        int group,
        RouteState state,
        String reason,
        long sinceNs,
        List<LegView> legs) {
    public RouteView {
        legs = List.copyOf(legs);
    }
}
