package io.penstock.bgp.control;

import io.penstock.bgp.config.AttributesConfig;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What exactly is said of a prefix.
 *
 * @param asn the daemon's own, which is prepended
 */
record Wording(boolean noExport, LargeCommunity owner, long asn) {
    static Wording of(BgpConfig config, long asn) {
        return new Wording(config.noExport(), config.owner(asn), asn);
    }

    /** @param level UP, DEGRADED or DRAINING */
    PathAttributes of(VipConfig vip, Level level) {
        AttributesConfig said =
                switch (level) {
                    case UP -> vip.up();
                    case DEGRADED -> vip.degraded();
                    case DRAINING -> vip.draining();
                    case UNKNOWN, DOWN -> throw new IllegalArgumentException(level.label() + " is not announced");
                };
        List<Long> asPath = Collections.nCopies(said.prepend(), asn);
        SortedSet<Community> communities = new TreeSet<>(said.communities());
        if (noExport) {
            communities.add(Community.NO_EXPORT);
        }
        SortedSet<LargeCommunity> largeCommunities = new TreeSet<>(said.largeCommunities());
        largeCommunities.add(owner);
        return new PathAttributes(
                said.origin(),
                vip.nextHop(),
                asPath,
                said.med(),
                said.localPref(),
                communities,
                new TreeSet<>(said.extendedCommunities()),
                largeCommunities);
    }
}
