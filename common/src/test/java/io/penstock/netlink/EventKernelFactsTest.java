package io.penstock.netlink;

import static io.penstock.netlink.RouterNetwork.ip;
import static io.penstock.netlink.RouterNetwork.route;
import static io.penstock.netlink.RouterNetwork.routeTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.OpenFds;
import io.penstock.netlink.KernelEvent.AddressChanged;
import io.penstock.netlink.KernelEvent.LinkChanged;
import io.penstock.netlink.KernelEvent.NextHopRemoved;
import io.penstock.netlink.KernelEvent.RouteRemoved;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kernel tells of things that went with others: whoever repairs looks at everything when a link changed, and now and then anyway. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class EventKernelFactsTest {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:ffff::10";
    private static final String MARKER = "198.51.100.99";

    @Test
    void aLinkThatIsSetDownTakesIpv4RoutesWithoutAWordOfThem() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(Routes.put(route(VIP, 0, network.hop(1, 2, 1))));
            try (Events events = new Events(Subscription.open(new LinuxSyscalls()))) {
                ip("link set v1 down");

                assertEquals(List.of(), network.routes(VIP));
                assertEquals(Set.of(), told(events));
                events.await(EventKernelFactsTest::isOfLostCarrier);
            }
        });
    }

    @Test
    void aNexthopObjectThatIsRemovedIsToldOfButNotItsIpv4Route() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(NextHops.put(network.leg(1, 1, 2)));
            network.socket.request(Routes.put(routeTo(VIP, 1)));
            try (Events events = new Events(Subscription.open(new LinuxSyscalls()))) {
                ip("nexthop del id 1");

                assertEquals(List.of(), network.routes(VIP));
                assertEquals(Set.of("nexthop removed"), told(events));
            }
        });
    }

    @Test
    void anIpv6RouteIsToldOfWhenItsNexthopObjectIsRemoved() throws Throwable {
        RouterNetwork.run(network -> {
            network.socket.request(NextHops.put(new NextHop(
                    1, RouterNetwork.OURS, new NextHop.Leg(RouterNetwork.gateway6(1, 2), network.link(1)))));
            network.socket.request(Routes.put(routeTo(VIP6, 1)));
            try (Events events = new Events(Subscription.open(new LinuxSyscalls()))) {
                ip("nexthop del id 1");

                assertEquals(List.of(), network.routes(VIP6));
                assertEquals(Set.of("nexthop removed", "route removed " + VIP6), told(events));
            }
        });
    }

    /** Of nexthop objects and routes, until now: events come in order, so what is to come is behind an address that is added here. */
    private static Set<String> told(Events events) throws Exception {
        ip("address add " + MARKER + "/32 dev lo");
        events.await(event -> event instanceof AddressChanged put
                && put.address().address().toString().equals(MARKER));
        Set<String> told = new TreeSet<>();
        for (KernelEvent event : events.now()) {
            if (event instanceof NextHopRemoved) {
                told.add("nexthop removed");
            } else if (event instanceof RouteRemoved removed && isOfAVip(removed.route())) {
                told.add("route removed " + removed.route().destination().first());
            }
        }
        return told;
    }

    private static boolean isOfLostCarrier(KernelEvent event) {
        return event instanceof LinkChanged change
                && change.link().name().equals("v1")
                && !change.link().carrier();
    }

    private static boolean isOfAVip(Route route) {
        String address = route.destination().first().toString();
        return address.equals(VIP) || address.equals(VIP6);
    }
}
