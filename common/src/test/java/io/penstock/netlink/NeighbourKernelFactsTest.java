package io.penstock.netlink;

import static io.penstock.netlink.RouterNetwork.gateway;
import static io.penstock.netlink.RouterNetwork.gateway6;
import static io.penstock.netlink.RouterNetwork.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.OpenFds;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Linux says of the way to a machine, where the data plane of packets counts on it. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class NeighbourKernelFactsTest {
    private static final String MAC = "02:00:00:00:00:99";

    @Test
    void shouldLookUpTheWayToAnAddress() throws Throwable {
        RouterNetwork.run(network -> {
            ip("route add 198.51.100.0/24 via 10.0.2.7");
            ip("-6 route add 2001:db8:ff::/64 via 2001:db8:3::7");

            assertEquals(
                    new RouteHop(Optional.of(gateway(2, 7)), network.link(2), 1, 0),
                    hop(network, "198.51.100.1").withoutState());
            assertEquals(Optional.empty(), hop(network, "10.0.1.9").gateway());
            assertEquals(
                    Optional.of(gateway6(3, 7)), hop(network, "2001:db8:ff::1").gateway());
            assertEquals(network.link(1), hop(network, "2001:db8:1::9").linkIndex());
            assertEquals(
                    Route.Type.LOCAL,
                    Routes.lookup(network.socket, address("10.0.1.1"))
                            .orElseThrow()
                            .route()
                            .type());
        });
    }

    @Test
    void shouldTellTheMtuOfARoute() throws Throwable {
        RouterNetwork.run(network -> {
            ip("route add 198.51.100.0/24 via 10.0.2.7 mtu 1400");
            ip("-6 route add 2001:db8:ff::/64 via 2001:db8:3::7 mtu lock 1380");

            assertEquals(1400, mtu(network, "198.51.100.1"));
            assertEquals(1380, mtu(network, "2001:db8:ff::1"));
            assertEquals(0, mtu(network, "10.0.1.9"));
        });
    }

    private static int mtu(RouterNetwork network, String address) throws Exception {
        return Routes.lookup(network.socket, address(address)).orElseThrow().mtu();
    }

    @Test
    void shouldSayThatThereIsNoWay() throws Throwable {
        RouterNetwork.run(network -> {
            NetlinkException refused =
                    assertThrows(NetlinkException.class, () -> Routes.lookup(network.socket, address("203.0.113.1")));

            assertEquals(Errno.ENETUNREACH, refused.errno());
            assertEquals(network.link(1), hop(network, "10.0.1.9").linkIndex());
        });
    }

    @Test
    void shouldTellWhatBecomesOfANeighbourThatIsAskedFor() throws Throwable {
        RouterNetwork.run(network -> {
            try (Subscription news = Subscription.toWays(new LinuxSyscalls())) {
                network.socket.request(Neighbours.resolve(network.link(1), gateway(1, 9), true));

                // Nobody is there: it is asked for, which is told as soon as that has failed.
                List<KernelEvent> told = new ArrayList<>();
                network.await("a failure", () -> {
                    news.drain(told::add);
                    return told.stream()
                            .anyMatch(event -> event instanceof KernelEvent.NeighbourChanged changed
                                    && changed.neighbour().address().equals(gateway(1, 9))
                                    && (changed.neighbour().state() & Neighbour.NUD_FAILED) != 0);
                });

                ip("neigh replace 10.0.1.9 lladdr " + MAC + " dev v1");
                network.await("its address", () -> {
                    news.drain(told::add);
                    return told.stream()
                            .anyMatch(event -> event instanceof KernelEvent.NeighbourChanged changed
                                    && changed.neighbour().hardwareAddress().equals(Optional.of(MAC))
                                    && changed.neighbour().isFixed());
                });
            }
        });
    }

    /** Asking again must not make the kernel forget what it knows. */
    @Test
    void shouldKeepTheAddressOfANeighbourThatIsAskedForAgain() throws Throwable {
        RouterNetwork.run(network -> {
            ip("neigh replace 10.0.1.9 lladdr " + MAC + " dev v1 nud stale");

            network.socket.request(Neighbours.resolve(network.link(1), gateway(1, 9), true));

            assertTrue(Neighbours.list(network.socket).stream()
                    .anyMatch(neighbour -> neighbour.address().equals(gateway(1, 9))
                            && neighbour.hardwareAddress().equals(Optional.of(MAC))));
        });
    }

    private static RouteHop hop(RouterNetwork network, String address) throws Exception {
        return Routes.lookup(network.socket, address(address))
                .orElseThrow()
                .route()
                .hops()
                .get(0);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
