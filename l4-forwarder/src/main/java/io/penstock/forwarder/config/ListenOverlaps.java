package io.penstock.forwarder.config;

import io.penstock.config.ConfigValue;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds listeners of one file that want the same address and port. {@code *} is all of IPv4 and all of IPv6; a wildcard
 * beside a specific address is no overlap, since the kernel prefers the specific one; nor are listeners at two
 * interfaces, or of TCP and UDP.
 */
final class ListenOverlaps {
    private final Map<Place, List<Claim>> claims = new HashMap<>();
    private int order;

    /** @param interfaceName empty for all that no other listener names */
    private record Place(
            Protocol protocol, IpAddress address, Optional<String> interfaceName, Optional<UnixAddress> unix) {}

    private record Claim(int order, ConfigValue value, ListenConfig listen) {}

    void add(ConfigValue value, Protocol protocol, ListenConfig listen, Optional<String> interfaceName) {
        Claim claim = new Claim(order++, value, listen);
        // A UNIX socket is at no interface.
        Optional<String> where = listen.unix().isPresent() ? Optional.empty() : interfaceName;
        add(new Place(protocol, listen.address(), where, listen.unix()), claim);
        if (listen.dualStack()) {
            add(new Place(protocol, IpAddress.ANY_IPV4, where, Optional.empty()), claim);
        }
    }

    private void add(Place place, Claim claim) {
        claims.computeIfAbsent(place, unused -> new ArrayList<>()).add(claim);
    }

    /** Reports each listener that overlaps an earlier one, once. */
    void report() {
        Set<Integer> reported = new HashSet<>();
        for (List<Claim> sameAddress : claims.values()) {
            sameAddress.sort(Comparator.comparingInt(claim -> claim.listen().firstPort()));
            Claim widest = sameAddress.get(0);
            for (Claim claim : sameAddress.subList(1, sameAddress.size())) {
                if (claim.listen().firstPort() <= widest.listen().lastPort()) {
                    reportLater(claim, widest, reported);
                }
                if (claim.listen().lastPort() > widest.listen().lastPort()) {
                    widest = claim;
                }
            }
        }
    }

    private static void reportLater(Claim one, Claim other, Set<Integer> reported) {
        boolean oneIsLater = one.order() > other.order();
        Claim later = oneIsLater ? one : other;
        Claim earlier = oneIsLater ? other : one;
        if (reported.add(later.order())) {
            String where = earlier.value().key() + " at line " + earlier.value().line();
            later.value().problem("overlaps " + earlier.listen() + " of " + where);
        }
    }
}
