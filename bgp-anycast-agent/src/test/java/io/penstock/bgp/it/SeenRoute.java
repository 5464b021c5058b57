package io.penstock.bgp.it;

import java.util.Set;

/**
 * A route as a router has it, in one notation for all of them.
 *
 * @param asPath ASNs with one space between
 * @param med -1 for none
 * @param communities such as {@code 65535:0}
 * @param extendedCommunities such as {@code rt:65001:100}
 * @param largeCommunities such as {@code 65001:9:1}
 */
record SeenRoute(
        String asPath,
        String nextHop,
        String origin,
        long med,
        long localPref,
        Set<String> communities,
        Set<String> extendedCommunities,
        Set<String> largeCommunities) {}
