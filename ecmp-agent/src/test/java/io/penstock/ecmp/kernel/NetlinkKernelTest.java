package io.penstock.ecmp.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.PutNextHop;
import io.penstock.ecmp.kernel.KernelChange.PutRoute;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveNextHop;
import io.penstock.ecmp.kernel.KernelChange.RemoveRoute;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.Route;
import io.penstock.testing.NetworkNamespace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is the agent's own is changed as it is told; what is another's stays as it is. */
@Timeout(60)
class NetlinkKernelTest {
    private static final int OURS = 210;
    private static final int LOOPBACK = 1;
    private static final long LEASE_S = 60;
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8:ff::10";

    private NetworkNamespace network;
    private NetlinkKernel kernel;

    @BeforeEach
    void connect() throws Exception {
        network = NetworkNamespace.create();
        network.addCable("v1", "w1");
        network.ip("addr add 10.0.1.1/24 dev v1");
        network.ip("-6 addr add 2001:db8:1::1/64 dev v1 nodad");
        kernel = network.call(() -> NetlinkKernel.open(new LinuxSyscalls(), () -> Set.of(Route.MAIN_TABLE, 100)));
        kernel.observe();
    }

    @AfterEach
    void close() {
        if (kernel != null) {
            kernel.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void shouldSeeWhatItHasPut() throws Exception {
        Route other = new Route(prefix(VIP), 100, OURS, Route.SCOPE_UNIVERSE, Route.Type.BLACKHOLE, 3, 0, List.of());
        assertMade(
                new PutAddress(address(VIP, OURS)),
                new PutAddress(address(VIP6, OURS)),
                new PutNextHop(leg(1, OURS)),
                new PutNextHop(group(10, OURS)),
                new PutRoute(route(VIP, OURS, 10)),
                new PutRoute(other));

        KernelState state = kernel.observe();

        assertEquals(List.of(OURS, OURS), protocols(state, VIP, VIP6));
        assertEquals(List.of(leg(1, OURS), group(10, OURS)), state.nextHops());
        assertTrue(state.routes().contains(other), () -> state.routes().toString());
        assertEquals(10, route(state, VIP).nextHopId());
        assertEquals(3, state.links().size());
    }

    @Test
    void shouldRemoveWhatItHasPutAndMindNothingThatIsGone() throws Exception {
        List<KernelChange> removals = List.of(
                new RemoveRoute(route(VIP, OURS, 10)),
                new RemoveNextHop(group(10, OURS)),
                new RemoveNextHop(leg(1, OURS)),
                new RemoveAddress(address(VIP, OURS)));
        assertMade(
                new PutAddress(address(VIP, OURS)),
                new PutNextHop(leg(1, OURS)),
                new PutNextHop(group(10, OURS)),
                new PutRoute(route(VIP, OURS, 10)));

        assertMade(removals.toArray(KernelChange[]::new));
        KernelState state = kernel.observe();
        assertEquals(List.of(), state.nextHops());
        assertEquals(List.of(), protocols(state, VIP));
        assertMade(removals.toArray(KernelChange[]::new));
    }

    /** Its link is down: the kernel has removed leg, group and route by itself. */
    @Test
    void shouldMindNothingThatWentByItself() throws Exception {
        assertMade(new PutNextHop(leg(1, OURS)), new PutNextHop(group(10, OURS)), new PutRoute(route(VIP, OURS, 10)));
        network.ip("link set v1 down");

        assertMade(
                new RemoveRoute(route(VIP, OURS, 10)),
                new RemoveNextHop(group(10, OURS)),
                new RemoveNextHop(leg(1, OURS)));
    }

    @Test
    void shouldMakeTheOtherChangesWhenOneIsRefused() throws Exception {
        List<Optional<String>> results = kernel.apply(List.of(
                new PutNextHop(leg(1, OURS)), new PutRoute(route(VIP, OURS, 99)), new PutAddress(address(VIP, OURS))));

        assertEquals(Optional.empty(), results.get(0));
        assertTrue(results.get(1).orElseThrow().contains("Nexthop id does not exist"), results::toString);
        assertEquals(Optional.empty(), results.get(2));
    }

    @Test
    void shouldLeaveWhatIsAnothers() throws Exception {
        putTheirs();
        kernel.observe();

        assertLeft();
    }

    /** It came after the last look, so only the kernel can tell. */
    @Test
    void shouldReplaceNothingThatHasComeMeanwhile() throws Exception {
        putTheirs();

        assertLeft();
    }

    @Test
    void shouldKeepItsOwnUpToDateBesideAnothers() throws Exception {
        assertMade(new PutNextHop(leg(1, OURS)), new PutNextHop(group(10, OURS)), new PutRoute(route(VIP, OURS, 10)));
        network.ip("route append " + VIP + " via 10.0.1.9 proto 220");
        kernel.observe();

        assertMade(new PutRoute(unreachable(VIP)));

        KernelState state = kernel.observe();
        assertEquals(
                List.of(OURS, 220),
                state.routes().stream()
                        .filter(route -> route.destination().equals(prefix(VIP)))
                        .map(Route::protocol)
                        .toList());
    }

    @Test
    void shouldReplaceItsOwnAfterItWasAdded() throws Exception {
        assertMade(new PutNextHop(leg(1, OURS)), new PutRoute(route(VIP, OURS, 1)), new PutAddress(address(VIP, OURS)));

        assertMade(
                new PutNextHop(new NextHop(1, OURS, new Leg(ip("10.0.1.3"), link()))),
                new PutRoute(unreachable(VIP)),
                new PutAddress(address(VIP, OURS)));
    }

    private void putTheirs() throws Exception {
        network.ip("addr add " + VIP + "/32 dev lo");
        network.ip("addr add " + VIP6 + "/128 dev lo nodad");
        network.ip("nexthop add id 1 via 10.0.1.9 dev v1 proto 220");
        network.ip("nexthop add id 10 group 1 proto 220");
        network.ip("route add " + VIP + " nhid 10 proto 220");
        network.ip("-6 route add " + VIP6 + " via 2001:db8:1::9 proto 220");
    }

    private void assertLeft() throws Exception {
        String before = everything();
        List<KernelChange> changes = List.of(
                new PutAddress(address(VIP, OURS)),
                new PutAddress(address(VIP6, OURS)),
                new PutNextHop(leg(1, OURS)),
                new PutNextHop(group(10, OURS)),
                new PutRoute(route(VIP, OURS, 10)),
                new PutRoute(unreachable(VIP)),
                new PutRoute(unreachable(VIP6)));

        List<Optional<String>> results = kernel.apply(changes);

        assertTrue(results.stream().allMatch(Optional::isPresent), results::toString);
        kernel.apply(List.of(
                new RemoveRoute(route(VIP, OURS, 10)),
                new RemoveRoute(unreachable(VIP6)),
                new RemoveNextHop(group(10, OURS)),
                new RemoveNextHop(leg(1, OURS)),
                new RemoveAddress(address(VIP, OURS)),
                new RemoveAddress(address(VIP6, OURS))));
        assertEquals(before, everything());
    }

    private String everything() throws Exception {
        return network.ip("-d addr show")
                + network.ip("-d nexthop show")
                + network.ip("route show table main")
                + network.ip("-6 route show table main");
    }

    private void assertMade(KernelChange... changes) throws Exception {
        List<Optional<String>> results = kernel.apply(List.of(changes));
        assertEquals(changes.length, results.size());
        assertTrue(results.stream().allMatch(Optional::isEmpty), results::toString);
    }

    private static List<Integer> protocols(KernelState state, String... addresses) {
        List<IpAddress> wanted =
                List.of(addresses).stream().map(NetlinkKernelTest::ip).toList();
        return state.addresses().stream()
                .filter(address -> wanted.contains(address.address()))
                .map(InterfaceAddress::protocol)
                .toList();
    }

    private static Route route(KernelState state, String destination) {
        return state.routes().stream()
                .filter(route -> route.destination().equals(prefix(destination)) && route.table() == Route.MAIN_TABLE)
                .findFirst()
                .orElseThrow();
    }

    private static InterfaceAddress address(String address, int protocol) {
        int bits = ip(address).isIpv4() ? 32 : 128;
        int flags = ip(address).isIpv4() ? 0 : InterfaceAddress.IFA_F_NODAD;
        return new InterfaceAddress(LOOPBACK, ip(address), bits, flags, 0, protocol, LEASE_S);
    }

    private NextHop leg(int id, int protocol) throws Exception {
        return new NextHop(id, protocol, new Leg(ip("10.0.1.2"), link()));
    }

    private int link() throws Exception {
        return network.ipJson("link show dev v1")
                .get(0)
                .getAsJsonObject()
                .get("ifindex")
                .getAsInt();
    }

    private static NextHop group(int id, int protocol) {
        return new NextHop(id, protocol, new Group(List.of(new Member(1, 1)), Optional.empty()));
    }

    private static Route route(String destination, int protocol, int nextHopId) {
        return new Route(
                prefix(destination),
                Route.MAIN_TABLE,
                protocol,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                0,
                nextHopId,
                List.of());
    }

    private static Route unreachable(String destination) {
        return new Route(
                prefix(destination),
                Route.MAIN_TABLE,
                OURS,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNREACHABLE,
                0,
                0,
                List.of());
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
