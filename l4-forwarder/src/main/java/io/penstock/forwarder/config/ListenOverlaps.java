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
 * interfaces, or of TCP and UDP. Packets are forwarded before any socket sees them, whatever interface it is bound to.
 */
final class ListenOverlaps {
    /** Every range at one address is looked at for each packet that has no entry of its own. */
    static final int MAX_RANGES = 16;

    private final Map<Place, List<Claim>> claims = new HashMap<>();
    private final Map<Vip, List<Claim>> atVips = new HashMap<>();
    private int order;

    /** @param interfaceName empty for all that no other listener names */
    private record Place(
            Protocol protocol, IpAddress address, Optional<String> interfaceName, Optional<UnixAddress> unix) {}

    private record Vip(Protocol protocol, IpAddress address) {}

    /** @param packets whether in {@code mode: dsr} */
    private record Claim(int order, ConfigValue value, ListenConfig listen, boolean packets) {}

    /** Of packets. */
    void addVip(ConfigValue value, Protocol protocol, ListenConfig listen) {
        addAtVip(protocol, new Claim(order++, value, listen, true));
    }

    private void addAtVip(Protocol protocol, Claim claim) {
        atVips.computeIfAbsent(new Vip(protocol, claim.listen().address()), unused -> new ArrayList<>())
                .add(claim);
    }

    void add(ConfigValue value, Protocol protocol, ListenConfig listen, Optional<String> interfaceName) {
        Claim claim = new Claim(order++, value, listen, false);
        if (listen.isOneAddress()) {
            addAtVip(protocol, claim);
        }
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
        atVips.values().forEach(sameAddress -> reportVips(sameAddress, reported));
        atVips.forEach((vip, sameAddress) -> reportRanges(vip, sameAddress));
    }

    /** Of two listeners one of which, at least, is of packets. */
    private static void reportVips(List<Claim> sameAddress, Set<Integer> reported) {
        sameAddress.sort(Comparator.comparingInt(claim -> claim.listen().firstPort()));
        Claim widest = null;
        Claim widestOfPackets = null;
        for (Claim claim : sameAddress) {
            Claim other = claim.packets() ? widest : widestOfPackets;
            if (other != null && claim.listen().firstPort() <= other.listen().highestPort()) {
                reportLater(claim, other, reported);
            }
            widest = wider(widest, claim);
            widestOfPackets = claim.packets() ? wider(widestOfPackets, claim) : widestOfPackets;
        }
    }

    private static Claim wider(Claim one, Claim other) {
        return one != null && one.listen().highestPort() >= other.listen().highestPort() ? one : other;
    }

    private static void reportRanges(Vip vip, List<Claim> sameAddress) {
        sameAddress.stream()
                .filter(claim -> claim.packets()
                        && claim.listen().firstPort() < claim.listen().lastPort())
                .sorted(Comparator.comparingInt(Claim::order))
                .skip(MAX_RANGES)
                .findFirst()
                .ifPresent(claim -> claim.value()
                        .problem("at most " + MAX_RANGES + " ranges of ports can be at " + vip.address()
                                + " for mode: dsr"));
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
