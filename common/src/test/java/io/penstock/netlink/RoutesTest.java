package io.penstock.netlink;

import static io.penstock.netlink.RouterNetwork.OURS;
import static io.penstock.netlink.RouterNetwork.THEIRS;
import static io.penstock.netlink.RouterNetwork.ip;
import static io.penstock.netlink.RouterNetwork.route;
import static io.penstock.netlink.RouterNetwork.routeTo;
import static io.penstock.netlink.RouterNetwork.unreachable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.linux.Errno;
import io.penstock.linux.OpenFds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernel made of requests, as it says itself, and as ip(8) shows it. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class RoutesTest {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:ff::10";

    @Test
    void shouldListTheRouteThatItPut() throws Throwable {
        RouterNetwork.run(network -> {
            List<Route> routes = List.of(
                    route(VIP, 5, network.hop(1, 2, 1)),
                    route(VIP6, 5, network.hop6(1, 2, 1)),
                    route("192.0.2.11", 0, network.hop(1, 2, 1), network.hop(2, 2, 256)),
                    route("2001:db8:ff::11", 1024, network.hop6(1, 2, 1), network.hop6(2, 2, 3)),
                    route("198.18.0.0/15", 0, network.hop(3, 2, 1)));
            for (Route route : routes) {
                network.socket.request(Routes.put(route));

                assertEquals(List.of(route), network.routes(route.destination().toString()));
            }
        });
    }

    @Test
    void shouldListAnotherTable() throws Throwable {
        RouterNetwork.run(network -> {
            int table = 100_000;
            Route main = route(VIP, 0, network.hop(1, 2, 1));
            Route other = new Route(
                    main.destination(), table, OURS, main.scope(), main.type(), 0, 0, List.of(network.hop(2, 2, 1)));
            assertEquals(List.of(), Routes.list(network.socket, table), "a table that is not there");

            network.socket.request(Routes.put(main));
            network.socket.request(Routes.put(other));

            assertEquals(List.of(other), Routes.list(network.socket, table));
            assertEquals(List.of(main), network.routes(VIP));
        });
    }

    @Test
    void shouldShowWhatIpShows() throws Throwable {
        RouterNetwork.run(network -> {
            ip("route add 192.0.2.1 proto 220 metric 7 via 10.0.1.2");
            ip("route add 192.0.2.2 proto 220 nexthop via 10.0.1.2 weight 4 nexthop via 10.0.2.2");
            ip("route add blackhole 192.0.2.3 proto 220");
            ip("route add prohibit 192.0.2.4/30 proto 220");
            ip("route add default via 10.0.3.2 proto 220");
            ip("-6 route add default via 2001:db8:3::2 proto 220");
            ip("-6 route add unreachable 2001:db8:ff::1 proto 220");
            ip("-6 route add 2001:db8:ff::2 proto 220 nexthop via 2001:db8:1::2 nexthop via 2001:db8:2::2 weight 9");
            ip("route add 192.0.2.5 proto 220 via inet6 2001:db8:1::2 dev v1");

            List<String> shown = new ArrayList<>();
            for (String family : List.of("-4", "-6")) {
                for (JsonObject route : Ip.list(family, "route", "show", "proto", "220")) {
                    shown.add(asShown(route, family));
                }
            }
            List<String> listed = new ArrayList<>();
            for (Route route : Routes.list(network.socket, Route.MAIN_TABLE)) {
                if (route.protocol() == THEIRS) {
                    listed.add(asListed(route));
                }
            }
            assertEquals(shown, listed);
            assertEquals(9, listed.size());
        });
    }

    /** They are entries of their own: not even metric and destination make them one with ours. */
    @Test
    void shouldLeaveOutRoutesForATypeOfServiceOrASource() throws Throwable {
        RouterNetwork.run(network -> {
            ip("route add 192.0.2.10 tos 0x10 proto 220 via 10.0.1.2");
            ip("-6 route add 2001:db8:ff::10 from 2001:db8:1::/64 proto 220 via 2001:db8:1::2");
            Route ours = route(VIP, 0, network.hop(2, 2, 1));

            network.socket.request(Routes.add(ours));

            assertEquals(List.of(ours), network.routes(VIP));
            assertEquals(List.of(), network.routes(VIP6));
            assertEquals(1, Ip.list("route", "show", VIP, "proto", "220").size());
        });
    }

    @Test
    void shouldRefuseToAddWhatIsThereWhoeverOwnsIt() throws Throwable {
        RouterNetwork.run(network -> {
            ip("route add unreachable 192.0.2.10 proto 220");
            ip("-6 route add unreachable 2001:db8:ff::10 proto 220");
            for (Route route : List.of(route(VIP, 0, network.hop(1, 2, 1)), route(VIP6, 0, network.hop6(1, 2, 1)))) {
                NetlinkException refusal =
                        assertThrows(NetlinkException.class, () -> network.socket.request(Routes.add(route)));

                assertEquals(Errno.EEXIST, refusal.errno());
                assertTrue(refusal.getMessage().startsWith("add route " + route.destination()), refusal.getMessage());
            }
        });
    }

    @Test
    void shouldRemoveNoRouteOfAnother() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP, THEIRS, 0, 0, network.hop(1, 2, 1))));
            network.socket.request(Routes.put(route(VIP6, THEIRS, 0, 0, network.hop6(1, 2, 1))));
            for (Route route : List.of(route(VIP, 0, network.hop(1, 2, 1)), route(VIP6, 0, network.hop6(1, 2, 1)))) {
                NetlinkException refusal =
                        assertThrows(NetlinkException.class, () -> network.socket.request(Routes.remove(route)));

                assertEquals(Errno.ESRCH, refusal.errno());
                assertEquals(1, network.routes(route.destination().toString()).size());
            }
        });
    }

    @Test
    void shouldSayWhyTheKernelRefuses() throws Throwable {
        RouterNetwork.run(network -> {
            NetlinkException refusal =
                    assertThrows(NetlinkException.class, () -> network.socket.request(Routes.put(routeTo(VIP, 4_711))));

            assertTrue(
                    refusal.getMessage().startsWith("put route 192.0.2.10/32 nhid 4711: Nexthop id does not exist"),
                    refusal.getMessage());
        });
    }

    /** Whatever stands at a destination already, whoever put it there. */
    @Test
    void shouldKnowWhichRouteTheKernelReplaces() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(NextHops.put(network.leg(1, 1, 2)));
            network.socket.request(
                    NextHops.put(new NextHop(2, OURS, new NextHop.Leg(RouterNetwork.gateway6(1, 2), network.link(1)))));
            Random random = new Random(8);
            for (int round = 0; round < 300; round++) {
                for (String vip : List.of(VIP, VIP6)) {
                    replaceOneOfSeveral(network, vip, random);
                }
            }
        });
    }

    private static void replaceOneOfSeveral(RouterNetwork network, String vip, Random random) throws Exception {
        // Of host 2 are those that stand there, of host 3 is the one that replaces.
        for (int i = random.nextInt(4); i > 0; i--) {
            Route theirs = anyRoute(network, vip, 100 + i, 2, random);
            network.socket.batch(List.of(append(theirs)));
        }
        List<Route> before = network.routes(vip);
        Route ours = anyRoute(network, vip, OURS, 3, random);

        network.socket.request(Routes.put(ours));

        List<Route> gone = new ArrayList<>(before);
        List<Route> after = network.routes(vip);
        gone.removeAll(after);
        assertEquals(Routes.replaced(ours, before).stream().toList(), gone, () -> ours + " over " + before);
        for (Route route : after) {
            network.socket.request(Routes.remove(route));
        }
        assertEquals(List.of(), network.routes(vip));
    }

    private static Route anyRoute(RouterNetwork network, String vip, int protocol, int host, Random random)
            throws Exception {
        boolean ipv4 = vip.equals(VIP);
        long metric = random.nextInt(3) * 512L;
        return switch (random.nextInt(3)) {
            case 0 -> route(vip, protocol, metric, ipv4 ? 1 : 2);
            case 1 -> {
                Route route = unreachable(vip);
                yield new Route(route.destination(), route.table(), protocol, 0, route.type(), metric, 0, List.of());
            }
            default -> route(vip, protocol, metric, 0, ipv4 ? network.hop(1, host, 1) : network.hop6(1, host, 1));
        };
    }

    /** Behind those that are there. */
    private static Request append(Route route) {
        int flags = Rtnetlink.NLM_F_REQUEST | Rtnetlink.NLM_F_ACK | Rtnetlink.NLM_F_CREATE | 0x800;
        return new Request(
                "append " + route,
                (writer, sequence) ->
                        RouteMessage.encode(writer.begin(Rtnetlink.RTM_NEWROUTE, flags, sequence), route));
    }

    private static String asListed(Route route) {
        StringBuilder text = new StringBuilder(route.destination().toString());
        text.append(' ').append(route.type()).append(" metric ").append(route.metric());
        for (RouteHop hop : route.hops()) {
            text.append(" via ").append(hop.gateway().orElseThrow());
            text.append(" weight ").append(hop.weight());
        }
        return text.toString();
    }

    private static String asShown(JsonObject route, String family) {
        boolean ipv4 = family.equals("-4");
        String destination = route.get("dst").getAsString();
        if (destination.equals("default")) {
            destination = ipv4 ? "0.0.0.0/0" : "::/0";
        } else if (destination.indexOf('/') < 0) {
            destination += ipv4 ? "/32" : "/128";
        }
        StringBuilder text = new StringBuilder(destination);
        String type = route.has("type") ? route.get("type").getAsString() : "unicast";
        text.append(' ').append(Route.Type.valueOf(type.toUpperCase(Locale.ROOT)));
        text.append(" metric ").append(route.has("metric") ? route.get("metric").getAsLong() : 0);
        if (route.has("nexthops")) {
            for (JsonElement hop : route.getAsJsonArray("nexthops")) {
                text.append(via(hop.getAsJsonObject()));
                text.append(" weight ")
                        .append(hop.getAsJsonObject().get("weight").getAsInt());
            }
        } else if (route.has("gateway") || route.has("via")) {
            text.append(via(route)).append(" weight 1");
        }
        return text.toString();
    }

    private static String via(JsonObject hop) {
        return " via "
                + (hop.has("via")
                        ? hop.getAsJsonObject("via").get("host").getAsString()
                        : hop.get("gateway").getAsString());
    }
}
