package io.penstock.bgp.rib;

import io.penstock.bgp.route.PathAttributes;
import io.penstock.net.IpPrefix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is to be in a daemon's table. What is in neither is not to be there.
 *
 * @param announced by prefix, in the order in which the daemon is to be told; each carries the owner's mark
 * @param undecided whatever is there now stays as it is; of a prefix that is in both, this holds
 */
public record WantedPaths(Map<IpPrefix, PathAttributes> announced, Set<IpPrefix> undecided) {
    public WantedPaths {
        announced = Collections.unmodifiableMap(new LinkedHashMap<>(announced));
        undecided = Set.copyOf(undecided);
    }
}
