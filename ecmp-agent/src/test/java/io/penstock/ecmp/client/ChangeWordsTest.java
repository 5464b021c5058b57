package io.penstock.ecmp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.PutRoute;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveNextHop;
import io.penstock.ecmp.kernel.KernelChange.RemoveRoute;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHop.Resilience;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeWordsTest {
    private static final ChangeWords WORDS = new ChangeWords(List.of(
            new Link(1, "lo", true, true, true, 65_536, Optional.empty(), Optional.empty()),
            new Link(2, "eth1", true, true, false, 1_500, Optional.empty(), Optional.empty())));

    @ParameterizedTest
    @MethodSource
    void shouldSayItAsIpDoes(KernelChange change, String kind, String command) {
        assertEquals(kind, ChangeWords.kind(change));
        assertEquals(command, WORDS.of(change));
    }

    static Stream<Arguments> shouldSayItAsIpDoes() {
        InterfaceAddress ipv4 = new InterfaceAddress(1, address("192.0.2.10"), 32, 0, 0, 210, 3);
        InterfaceAddress ipv6 = new InterfaceAddress(2, address("2001:db8::10"), 128, 2, 0, 210, 3);
        InterfaceAddress unknown =
                new InterfaceAddress(7, address("192.0.2.10"), 32, 0, 0, 210, InterfaceAddress.FOREVER);
        NextHop leg = new NextHop(5, 210, new Leg(address("10.0.1.11"), 2));
        NextHop group = new NextHop(
                9,
                210,
                new Group(
                        List.of(new Member(5, 1), new Member(6, 3)),
                        Optional.of(new Resilience(64, Duration.ofMinutes(2), Duration.ofMillis(1500)))));
        NextHop threshold = new NextHop(9, 210, new Group(List.of(new Member(5, 1)), Optional.empty()));
        return Stream.of(
                Arguments.of(
                        new PutAddress(ipv4),
                        "put-address",
                        "ip address replace 192.0.2.10/32 dev lo valid_lft 3 preferred_lft 3 proto 210"),
                Arguments.of(
                        new PutAddress(ipv6),
                        "put-address",
                        "ip address replace 2001:db8::10/128 dev eth1 valid_lft 3 preferred_lft 3 nodad proto 210"),
                Arguments.of(new RemoveAddress(unknown), "remove-address", "ip address del 192.0.2.10/32 dev #7"),
                Arguments.of(
                        new PutNextHop(leg),
                        "put-next-hop",
                        "ip nexthop replace id 5 via 10.0.1.11 dev eth1 proto 210"),
                Arguments.of(
                        new PutNextHop(group),
                        "put-next-hop",
                        "ip nexthop replace id 9 group 5/6,3 type resilient buckets 64 idle_timer 120"
                                + " unbalanced_timer 1.5 proto 210"),
                Arguments.of(new PutNextHop(threshold), "put-next-hop", "ip nexthop replace id 9 group 5 proto 210"),
                Arguments.of(new RemoveNextHop(leg), "remove-next-hop", "ip nexthop del id 5"),
                Arguments.of(
                        new PutRoute(route(254, Route.Type.UNICAST, 0, 9)),
                        "put-route",
                        "ip route replace 192.0.2.10/32 proto 210 nhid 9"),
                Arguments.of(
                        new PutRoute(route(100, Route.Type.UNREACHABLE, 5, 0)),
                        "put-route",
                        "ip route replace unreachable 192.0.2.10/32 table 100 metric 5 proto 210"),
                Arguments.of(
                        new PutRoute(
                                route(254, Route.Type.UNICAST, 0, 0, hop("10.0.1.11", 2, 1), hop("10.0.2.11", 0, 4))),
                        "put-route",
                        "ip route replace 192.0.2.10/32 proto 210 nexthop via 10.0.1.11 dev eth1"
                                + " nexthop via 10.0.2.11 weight 4"),
                Arguments.of(
                        new PutRoute(route(254, Route.Type.UNICAST, 0, 0, hop("10.0.1.11", 2, 1))),
                        "put-route",
                        "ip route replace 192.0.2.10/32 proto 210 via 10.0.1.11 dev eth1"),
                Arguments.of(
                        new RemoveRoute(route(100, Route.Type.UNICAST, 7, 9)),
                        "remove-route",
                        "ip route del 192.0.2.10/32 table 100 metric 7 proto 210"));
    }

    private static Route route(int table, Route.Type type, long metric, int nextHopId, RouteHop... hops) {
        IpPrefix destination = IpPrefix.parse("192.0.2.10/32").orElseThrow();
        return new Route(destination, table, 210, Route.SCOPE_UNIVERSE, type, metric, nextHopId, List.of(hops));
    }

    private static RouteHop hop(String gateway, int link, int weight) {
        return new RouteHop(address(gateway), link, weight);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
