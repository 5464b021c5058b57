package io.penstock.netlink;

import static io.penstock.netlink.RouterNetwork.OURS;
import static io.penstock.netlink.RouterNetwork.THEIRS;
import static io.penstock.netlink.RouterNetwork.gateway6;
import static io.penstock.netlink.RouterNetwork.ip;
import static io.penstock.netlink.RouterNetwork.route;
import static io.penstock.netlink.RouterNetwork.routeTo;
import static io.penstock.netlink.RouterNetwork.unreachable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.OpenFds;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Linux does with routes, where the router role counts on it or has to put up with it. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class RouteKernelFactsTest {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:ff::10";

    @Test
    void shouldReplaceARouteWhoeverOwnsIt() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP, THEIRS, 0, 0, network.hop(1, 2, 1))));
            network.socket.request(Routes.put(route(VIP6, THEIRS, 0, 0, network.hop6(1, 2, 1))));

            network.socket.request(Routes.put(route(VIP, 0, network.hop(2, 2, 1))));
            network.socket.request(Routes.put(route(VIP6, 0, network.hop6(2, 2, 1))));

            assertEquals(List.of(OURS), protocols(network, VIP));
            assertEquals(List.of(OURS), protocols(network, VIP6));
        });
    }

    @Test
    void shouldKeepARouteOfAnotherMetric() throws Throwable {
        RouterNetwork.run(network -> {
            for (String vip : List.of(VIP, VIP6)) {
                network.socket.request(Routes.put(new Route(
                        RouterNetwork.prefix(vip),
                        Route.MAIN_TABLE,
                        THEIRS,
                        0,
                        Route.Type.UNREACHABLE,
                        7,
                        0,
                        List.of())));
                network.socket.request(Routes.put(unreachable(vip)));

                assertEquals(2, network.routes(vip).size());
            }
        });
    }

    /** Of one kind each time: a route is never away while it becomes another. */
    @Test
    void shouldTurnOneKindOfRouteIntoAnyOther() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(NextHops.put(network.leg(1, 1, 2)));
            network.socket.request(
                    NextHops.put(new NextHop(2, OURS, new NextHop.Leg(gateway6(1, 2), network.link(1)))));
            for (String vip : List.of(VIP, VIP6)) {
                boolean ipv4 = vip.equals(VIP);
                RouteHop one = ipv4 ? network.hop(1, 2, 1) : network.hop6(1, 2, 1);
                RouteHop other = ipv4 ? network.hop(2, 2, 3) : network.hop6(2, 2, 3);
                List<Route> kinds = List.of(
                        unreachable(vip), route(vip, 0, one), route(vip, 0, one, other), routeTo(vip, ipv4 ? 1 : 2));
                for (Route from : kinds) {
                    for (Route to : kinds) {
                        network.socket.request(Routes.put(from));
                        network.socket.request(Routes.put(to));

                        Route seen = onlyRoute(network, vip);
                        assertEquals(to.type(), seen.type(), () -> from + " -> " + to);
                        assertEquals(to.nextHopId(), seen.nextHopId(), () -> from + " -> " + to);
                        assertEquals(
                                Math.max(to.hops().size(), to.nextHopId() == 0 ? 0 : 1),
                                seen.hops().size(),
                                () -> from + " -> " + to);
                    }
                }
            }
        });
    }

    /** Which is why a request to remove has all of the route in it. */
    @Test
    void shouldTakeMetric0ForAnyWhenARouteIsRemoved() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP, 7, network.hop(1, 2, 1))));

            network.socket.request(Routes.remove(route(VIP, 0, network.hop(1, 2, 1))));

            assertEquals(List.of(), network.routes(VIP));
        });
    }

    @Test
    void shouldRemoveOnlyWhatTheRequestDescribes() throws Throwable {
        RouterNetwork.run(network -> {
            Route route = route(VIP, 0, network.hop(1, 2, 1));
            network.socket.request(Routes.put(route));
            for (Route other : List.of(
                    route(VIP, 0, network.hop(1, 3, 1)),
                    route(VIP, 1, network.hop(1, 2, 1)),
                    routeTo(VIP, 1),
                    unreachable(VIP))) {
                assertThrows(NetlinkException.class, () -> network.socket.request(Routes.remove(other)));
            }
            assertEquals(List.of(route), network.routes(VIP));
        });
    }

    @Test
    void shouldNotRemoveARouteToANextHopThatIsNotThere() throws Throwable {
        RouterNetwork.run(network -> {
            NetlinkException refusal = assertThrows(
                    NetlinkException.class, () -> network.socket.request(Routes.remove(routeTo(VIP, 4_711))));

            assertEquals(Errno.EINVAL, refusal.errno());
            assertTrue(refusal.getMessage().contains("Nexthop id does not exist"), refusal.getMessage());
        });
    }

    /** The kernel shows one route, and the protocol of the first. */
    @Test
    void shouldMakeOneOfIpv6RoutesByGatewaysWhoeverAddedThem() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP6, 0, network.hop6(1, 2, 1), network.hop6(2, 2, 1))));

            ip("-6 route append 2001:db8:ff::10 proto 220 via 2001:db8:3::2");

            Route merged = onlyRoute(network, VIP6);
            assertEquals(OURS, merged.protocol());
            assertEquals(3, merged.hops().size());
            assertThrows(NetlinkException.class, () -> network.socket.request(Routes.remove(merged)), "theirs");
            Route theirs = onlyRoute(network, VIP6);
            assertEquals(THEIRS, theirs.protocol());
            assertEquals(
                    Optional.of(gateway6(3, 2)), theirs.hops().get(0).gateway(), "what is left is the one of theirs");
        });
    }

    @Test
    void shouldKeepIpv6RoutesToNextHopObjectsApart() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(
                    NextHops.put(new NextHop(2, OURS, new NextHop.Leg(gateway6(1, 2), network.link(1)))));
            network.socket.request(Routes.put(routeTo(VIP6, 2)));

            ip("-6 route append 2001:db8:ff::10 proto 220 via 2001:db8:3::2");
            network.socket.request(Routes.put(routeTo(VIP6, 2)));

            assertEquals(List.of(OURS, THEIRS), protocols(network, VIP6));
        });
    }

    @Test
    void shouldKeepALegacyLegWithoutCarrierAndUseItAgain() throws Throwable {
        RouterNetwork.run(network -> {
            Route route = route(VIP, 0, network.hop(1, 2, 1), network.hop(2, 2, 1));
            Route route6 = route(VIP6, 0, network.hop6(1, 2, 1), network.hop6(2, 2, 1));
            network.socket.request(Routes.put(route));
            network.socket.request(Routes.put(route6));

            network.pull(1);
            assertEquals(RouteHop.RTNH_F_LINKDOWN, flagsOfFirstLeg(network, VIP));
            assertEquals(RouteHop.RTNH_F_LINKDOWN, flagsOfFirstLeg(network, VIP6));

            network.plug(1);
            assertEquals(0, flagsOfFirstLeg(network, VIP));
            assertEquals(0, flagsOfFirstLeg(network, VIP6));
        });
    }

    @Test
    void shouldUseALegacyLegAgainWhenItsLinkIsUpAgain() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP, 0, network.hop(1, 2, 1), network.hop(2, 2, 1))));

            ip("link set v1 down");
            assertEquals(RouteHop.RTNH_F_DEAD | RouteHop.RTNH_F_LINKDOWN, flagsOfFirstLeg(network, VIP));

            ip("link set v1 up");
            network.await("the leg is used again", () -> flagsOfFirstLeg(network, VIP) == 0);
        });
    }

    @Test
    void shouldLoseALegacyRouteForGoodWhenAllItsLinksAreSetDown() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP, 0, network.hop(1, 2, 1), network.hop(2, 2, 1))));
            network.socket.request(Routes.put(route(VIP6, 0, network.hop6(1, 2, 1), network.hop6(2, 2, 1))));
            for (int i = 1; i <= 2; i++) {
                ip("link set v" + i + " down");
            }
            assertEquals(List.of(), network.routes(VIP));
            assertEquals(List.of(), network.routes(VIP6));
            for (int i = 1; i <= 2; i++) {
                ip("link set v" + i + " up");
                network.connect6(i);
            }
            assertEquals(List.of(), network.routes(VIP));
            assertEquals(List.of(), network.routes(VIP6));
        });
    }

    /** IPv6 loses that leg only. */
    @Test
    void shouldLoseAnIpv4LegacyRouteWhenTheLinkOfOneLegIsDeleted() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP, 0, network.hop(1, 2, 1), network.hop(2, 2, 1))));
            network.socket.request(Routes.put(route(VIP6, 0, network.hop6(1, 2, 1), network.hop6(2, 2, 1))));

            ip("link del v1");

            assertEquals(List.of(), network.routes(VIP));
            assertEquals(1, onlyRoute(network, VIP6).hops().size());
        });
    }

    @Test
    void shouldTakeALegacyLegWithoutCarrierButNotOneWhoseLinkIsDown() throws Throwable {
        RouterNetwork.run(network -> {
            Route route = route(VIP, 0, network.hop(1, 2, 1), network.hop(2, 2, 1));
            Route route6 = route(VIP6, 0, network.hop6(1, 2, 1), network.hop6(2, 2, 1));
            network.pull(1);
            network.socket.request(Routes.put(route));
            network.socket.request(Routes.put(route6));
            assertEquals(2, onlyRoute(network, VIP).hops().size());

            ip("link set v1 down");
            NetlinkException refusal =
                    assertThrows(NetlinkException.class, () -> network.socket.request(Routes.put(route)));
            assertTrue(refusal.getMessage().contains("Nexthop has invalid gateway"), refusal.getMessage());
            assertThrows(NetlinkException.class, () -> network.socket.request(Routes.put(route6)));
        });
    }

    @Test
    void shouldLeadIpv4ToAnIpv6GatewayButNotTheOtherWayRound() throws Throwable {
        RouterNetwork.run(network -> {
            IpAddress ipv6 = gateway6(1, 2);
            network.socket.request(NextHops.put(new NextHop(1, OURS, new NextHop.Leg(ipv6, network.link(1)))));
            network.socket.request(NextHops.put(network.leg(2, 1, 2)));

            network.socket.request(Routes.put(routeTo(VIP, 1)));
            assertEquals(
                    Optional.of(ipv6), onlyRoute(network, VIP).hops().get(0).gateway());

            assertThrows(NetlinkException.class, () -> network.socket.request(Routes.put(routeTo(VIP6, 2))));
        });
    }

    private static Route onlyRoute(RouterNetwork network, String vip) throws Exception {
        List<Route> routes = network.routes(vip);
        assertEquals(1, routes.size(), () -> "only one of " + routes);
        return routes.get(0);
    }

    private static List<Integer> protocols(RouterNetwork network, String vip) throws Exception {
        return network.routes(vip).stream().map(Route::protocol).toList();
    }

    private static int flagsOfFirstLeg(RouterNetwork network, String vip) throws Exception {
        return onlyRoute(network, vip).hops().get(0).flags();
    }
}
