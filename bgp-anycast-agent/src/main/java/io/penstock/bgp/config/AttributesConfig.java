package io.penstock.bgp.config;

import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes.Origin;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is said of a prefix in one state.
 *
 * @param prepend how many times more than once the daemon's own ASN is in the AS path, 0 to 16
 */
public record AttributesConfig(
        Origin origin,
        OptionalLong med,
        OptionalLong localPref,
        int prepend,
        Set<Community> communities,
        Set<ExtendedCommunity> extendedCommunities,
        Set<LargeCommunity> largeCommunities) {
    /** Of a path that says nothing but that it is there. */
    public static final AttributesConfig NONE = new AttributesConfig(
            Origin.IGP, OptionalLong.empty(), OptionalLong.empty(), 0, Set.of(), Set.of(), Set.of());

    public AttributesConfig {
        communities = Set.copyOf(communities);
        extendedCommunities = Set.copyOf(extendedCommunities);
        largeCommunities = Set.copyOf(largeCommunities);
    }
}
