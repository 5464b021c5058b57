package io.penstock.bgp.gobgp.v3;

import io.penstock.bgp.route.Community;
import io.penstock.bgp.route.ExtendedCommunity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** What tests announce. */
final class Attributes {
    static final IpPrefix IPV4 = prefix("192.0.2.10/32");
    static final IpPrefix IPV6 = prefix("2001:db8::/48");

    private static final long MAX = 0xffff_ffffL;

    private Attributes() {}

    static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    /** Each attribute, at the edges of what it may be. */
    static PathAttributes all(Optional<IpAddress> nextHop) {
        return new PathAttributes(
                Origin.EGP,
                nextHop,
                List.of(4_200_000_001L, 65_001L, 65_001L, MAX),
                OptionalLong.of(MAX),
                OptionalLong.of(0),
                new TreeSet<>(List.of(
                        Community.GRACEFUL_SHUTDOWN,
                        Community.NO_EXPORT,
                        new Community(1),
                        new Community(0x7fff_ffff))),
                new TreeSet<>(List.of(
                        // A route target and an origin of an AS, of an address, of an AS of four octets; one that stays
                        // in the AS.
                        new ExtendedCommunity(0x0002_fde9_0000_0064L),
                        new ExtendedCommunity(0x0003_fde9_ffff_ffffL),
                        new ExtendedCommunity(0x0102_c000_0201_ffffL),
                        new ExtendedCommunity(0x0202_fa56_ea01_0064L),
                        new ExtendedCommunity(0x4002_fde9_0000_0001L),
                        // A colour (RFC 9012 section 4.3), and of a type that nobody has.
                        new ExtendedCommunity(0x030b_0000_0000_0064L),
                        new ExtendedCommunity(0xbf01_0203_0405_0607L))),
                new TreeSet<>(List.of(new LargeCommunity(65_001, 9, 1), new LargeCommunity(MAX, MAX, MAX))));
    }

    /** As an agent announces, with a mark of its own. */
    static PathAttributes marked(long second) {
        return new PathAttributes(
                Origin.IGP,
                Optional.empty(),
                List.of(),
                OptionalLong.of(50),
                OptionalLong.empty(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(List.of(new LargeCommunity(65_001, 9, second))));
    }

    static PathAttributes through(String nextHop) {
        PathAttributes none = PathAttributes.NONE;
        return new PathAttributes(
                none.origin(),
                Optional.of(address(nextHop)),
                none.asPath(),
                none.med(),
                none.localPref(),
                none.communities(),
                none.extendedCommunities(),
                none.largeCommunities());
    }
}
