package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

/** What is written reads as what it was; and whatever is read, nothing is thrown, and nothing read beyond the message. */
class RouteParserFuzzTest {
    @Property
    void shouldReadTheRouteThatWasWritten(@ForAll("routes") Route route) {
        UnsafeBuffer body = body(route);

        assertEquals(Optional.of(route), RouteParser.parse(body, 0, body.capacity()));
    }

    @Property
    void shouldReadTheNextHopThatWasWritten(@ForAll("nextHops") NextHop nextHop) {
        UnsafeBuffer body = body(nextHop);

        assertEquals(Optional.of(nextHop), NextHopParser.parse(body, 0, body.capacity()));
    }

    @Property
    void shouldNotThrowForAnyOctets(@ForAll @Size(max = 200) byte[] octets) {
        parseAll(new UnsafeBuffer(octets));
    }

    @Property
    void shouldNotThrowForARouteWithSomethingWrong(
            @ForAll("routes") Route route,
            @ForAll @Size(max = 8) List<@IntRange(max = 255) Integer> places,
            @ForAll @IntRange(max = 255) int octet,
            @ForAll @IntRange(max = 64) int cutBytes) {
        parseAll(mutated(body(route), places, octet, cutBytes));
    }

    @Property
    void shouldNotThrowForANextHopWithSomethingWrong(
            @ForAll("nextHops") NextHop nextHop,
            @ForAll @Size(max = 8) List<@IntRange(max = 255) Integer> places,
            @ForAll @IntRange(max = 255) int octet,
            @ForAll @IntRange(max = 64) int cutBytes) {
        parseAll(mutated(body(nextHop), places, octet, cutBytes));
    }

    /** The buffer ends with the message, so reading beyond it throws. */
    private static void parseAll(UnsafeBuffer body) {
        assertDoesNotThrow(() -> {
            RouteParser.parse(body, 0, body.capacity());
            NextHopParser.parse(body, 0, body.capacity());
            Buckets.parse(body, 0, body.capacity());
        });
    }

    private static UnsafeBuffer mutated(UnsafeBuffer body, List<Integer> places, int octet, int cutBytes) {
        byte[] octets = new byte[Math.max(0, body.capacity() - cutBytes)];
        body.getBytes(0, octets);
        for (int place : places) {
            if (octets.length > 0) {
                octets[place % octets.length] = (byte) octet;
            }
        }
        return new UnsafeBuffer(octets);
    }

    private static UnsafeBuffer body(Route route) {
        MessageWriter writer = new MessageWriter(Request.MAX_BYTES);
        RouteMessage.encode(writer.begin(Rtnetlink.RTM_NEWROUTE, 0, 0), route);
        return body(writer);
    }

    private static UnsafeBuffer body(NextHop nextHop) {
        MessageWriter writer = new MessageWriter(Request.MAX_BYTES);
        NextHops.encode(writer.begin(Rtnetlink.RTM_NEWNEXTHOP, 0, 0), nextHop);
        return body(writer);
    }

    private static UnsafeBuffer body(MessageWriter writer) {
        byte[] octets = writer.toArray();
        byte[] body = new byte[octets.length - MessageWriter.HEADER_BYTES];
        System.arraycopy(octets, MessageWriter.HEADER_BYTES, body, 0, body.length);
        return new UnsafeBuffer(body);
    }

    @Provide
    Arbitrary<Route> routes() {
        Arbitrary<Boolean> ipv4 = Arbitraries.of(true, false);
        return ipv4.flatMap(family -> Combinators.combine(
                        prefixes(family),
                        Arbitraries.integers().greaterOrEqual(1),
                        Arbitraries.integers().between(1, 255),
                        Arbitraries.longs().between(0, 0xffff_ffffL),
                        Arbitraries.integers(),
                        hops(family))
                .as((prefix, table, protocol, metric, nextHopId, hops) -> new Route(
                        prefix,
                        table,
                        protocol,
                        Route.SCOPE_UNIVERSE,
                        Route.Type.UNICAST,
                        metric,
                        hops.isEmpty() ? nextHopId : 0,
                        hops)));
    }

    @Provide
    Arbitrary<NextHop> nextHops() {
        Arbitrary<NextHop.Target> legs = Combinators.combine(
                        Arbitraries.of(true, false).flatMap(RouteParserFuzzTest::addresses), Arbitraries.integers())
                .as(Leg::new);
        Arbitrary<NextHop.Target> groups = Combinators.combine(
                        members().list().ofMaxSize(40), resilience().optional())
                .as(Group::new);
        return Combinators.combine(
                        Arbitraries.integers().filter(id -> id != 0),
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.oneOf(legs, groups))
                .as(NextHop::new);
    }

    private static Arbitrary<Member> members() {
        return Combinators.combine(
                        Arbitraries.integers(), Arbitraries.integers().between(1, 256))
                .as(Member::new);
    }

    private static Arbitrary<Resilience> resilience() {
        Arbitrary<Duration> timers =
                Arbitraries.longs().between(0, 0xffff_ffffL).map(ticks -> Duration.ofMillis(ticks * 10));
        return Combinators.combine(Arbitraries.integers().between(1, 65_535), timers, timers)
                .as(Resilience::new);
    }

    /** One leg has no weight of its own. */
    private static Arbitrary<List<RouteHop>> hops(boolean ipv4) {
        Arbitrary<RouteHop> hop = Combinators.combine(
                        addresses(ipv4),
                        Arbitraries.integers(),
                        Arbitraries.integers().between(1, 256))
                .as(RouteHop::new);
        return hop.list()
                .ofMaxSize(20)
                .map(hops -> hops.size() == 1
                        ? List.of(
                                new RouteHop(hops.get(0).gateway(), hops.get(0).linkIndex(), 1, 0))
                        : hops);
    }

    private static Arbitrary<IpPrefix> prefixes(boolean ipv4) {
        return Combinators.combine(addresses(ipv4), Arbitraries.integers().between(ipv4 ? 96 : 0, 128))
                .as((address, bits) -> IpPrefix.of(address, bits)
                        .orElseGet(() -> new IpPrefix(ipv4 ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6, bits)));
    }

    private static Arbitrary<IpAddress> addresses(boolean ipv4) {
        return ipv4
                ? Arbitraries.integers().map(IpAddress::ofIpv4)
                : Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                        .as(IpAddress::new)
                        .filter(address -> !address.isIpv4());
    }
}
