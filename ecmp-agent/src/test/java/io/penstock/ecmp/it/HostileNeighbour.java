package io.penstock.ecmp.it;

import io.penstock.ecmp.kernel.KernelState;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.NextHop.Group;
import io.penstock.netlink.NextHop.Leg;
import io.penstock.netlink.NextHop.Member;
import io.penstock.netlink.NextHops;
import io.penstock.netlink.Request;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteHop;
import io.penstock.netlink.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Acts at random on all that is there, its own and the agent's. What the kernel refuses is no matter: there is always a next act. */
final class HostileNeighbour implements AutoCloseable {
    private static final int THEIRS = 220;
    private static final int LOOPBACK = 1;
    private static final int OWN_THINGS = 8;

    /** Where the agent would like to have its own. */
    private static final int FIRST_ID = 210_000;

    private final NetworkOfLinks network;
    private final Random random;
    private final NetlinkSocket socket;
    private String lastAct = "";

    HostileNeighbour(NetworkOfLinks network, Random random) throws Exception {
        this.network = network;
        this.random = random;
        socket = network.namespace().call(() -> NetlinkSocket.open(new LinuxSyscalls()));
    }

    /** One to five acts, one behind the other. */
    void act() throws Exception {
        List<Request> acts = new ArrayList<>();
        KernelState state = network.observe();
        for (int i = random.nextInt(5); i >= 0; i--) {
            acts.add(
                    switch (random.nextInt(3)) {
                        case 0 -> onAddresses(state);
                        case 1 -> onRoutes(state);
                        default -> onNextHops(state);
                    });
        }
        lastAct = acts.toString();
        socket.batch(acts);
    }

    String lastAct() {
        return lastAct;
    }

    private Request onAddresses(KernelState state) {
        InterfaceAddress own = address("203.0.113." + random.nextInt(OWN_THINGS));
        List<InterfaceAddress> ours = state.addresses().stream()
                .filter(address -> address.protocol() == Configs.OURS)
                .toList();
        return switch (random.nextInt(5)) {
            case 0, 1 -> Addresses.put(own);
            case 2 -> Addresses.remove(own);
            case 3 -> any(ours).map(Addresses::remove).orElse(Addresses.put(own));
            // Taken over, and given back some time by the acts above.
            default ->
                any(state.addresses().stream()
                                .filter(address -> isVip(address) && address.protocol() == THEIRS)
                                .toList())
                        .map(Addresses::remove)
                        .orElseGet(() -> any(ours).map(this::takeOver).orElse(Addresses.put(own)));
        };
    }

    private Request takeOver(InterfaceAddress address) {
        return Addresses.put(new InterfaceAddress(
                address.linkIndex(),
                address.address(),
                address.prefixBits(),
                address.flags(),
                address.scope(),
                THEIRS,
                InterfaceAddress.FOREVER));
    }

    private static boolean isVip(InterfaceAddress address) {
        String text = address.address().toString();
        return text.startsWith("192.0.2.") || text.startsWith("2001:db8:ff:");
    }

    private Request onRoutes(KernelState state) throws Exception {
        int number = random.nextInt(OWN_THINGS);
        int link = 1 + random.nextInt(3);
        RouteHop hop = new RouteHop(NetworkOfLinks.gateway(link), network.link(link), 1);
        RouteHop hop6 = new RouteHop(NetworkOfLinks.gateway6(link), network.link(link), 1);
        List<Route> all = state.routes();
        List<Route> ours =
                all.stream().filter(route -> route.protocol() == Configs.OURS).toList();
        List<Route> own =
                all.stream().filter(route -> route.protocol() == THEIRS).toList();
        return switch (random.nextInt(7)) {
            case 0 -> Routes.put(route("203.0.113." + number, number, hop));
            case 1 -> Routes.put(route("2001:db8:fd::" + number, number, hop6));
            // To where the agent leads, by other metrics.
            case 2 -> Routes.put(route("198.51.100.1", 1 + number, hop));
            case 3 -> Routes.put(route("2001:db8:fe::1", 1 + number, hop6));
            case 4 -> any(own).map(Routes::remove).orElse(Routes.put(route("203.0.113.9", 0, hop)));
            case 5 -> any(ours).map(Routes::remove).orElse(Routes.put(route("203.0.113.9", 0, hop)));
            default ->
                any(ours)
                        .map(route -> Routes.put(new Route(
                                route.destination(),
                                route.table(),
                                THEIRS,
                                0,
                                Route.Type.BLACKHOLE,
                                route.metric(),
                                0,
                                List.of())))
                        .orElse(Routes.put(route("203.0.113.9", 0, hop)));
        };
    }

    private Request onNextHops(KernelState state) throws Exception {
        int link = 1 + random.nextInt(3);
        Leg leg = new Leg(NetworkOfLinks.gateway(1 + random.nextInt(3)), network.link(link));
        List<NextHop> ours = state.nextHops().stream()
                .filter(nextHop -> nextHop.protocol() == Configs.OURS)
                .toList();
        List<NextHop> own = state.nextHops().stream()
                .filter(nextHop -> nextHop.protocol() == THEIRS)
                .toList();
        NextHop next = new NextHop(FIRST_ID + random.nextInt(4 * OWN_THINGS), THEIRS, leg);
        return switch (random.nextInt(6)) {
            case 0, 1 -> NextHops.add(next);
            case 2 ->
                any(own.stream()
                                .filter(nextHop -> nextHop.target() instanceof Leg)
                                .toList())
                        .map(nextHop -> NextHops.add(group(next.id(), nextHop.id())))
                        .orElse(NextHops.add(next));
            case 3 -> any(own).map(NextHop::id).map(NextHops::remove).orElse(NextHops.add(next));
            case 4 -> any(ours).map(NextHop::id).map(NextHops::remove).orElse(NextHops.add(next));
            default -> any(ours).map(this::bend).orElse(NextHops.add(next));
        };
    }

    /** A group keeps the mark of whoever made it; of a leg it becomes that of whoever changes it. */
    private Request bend(NextHop nextHop) {
        if (nextHop.target() instanceof Group group) {
            return NextHops.put(
                    new NextHop(nextHop.id(), THEIRS, new Group(group.members().subList(0, 1), group.resilience())));
        }
        return NextHops.put(new NextHop(nextHop.id(), THEIRS, nextHop.target()));
    }

    private static NextHop group(int id, int member) {
        return new NextHop(id, THEIRS, new Group(List.of(new Member(member, 1)), Optional.empty()));
    }

    private static InterfaceAddress address(String text) {
        IpAddress address = IpAddress.parse(text).orElseThrow();
        return new InterfaceAddress(LOOPBACK, address, 32, 0, 0, THEIRS, InterfaceAddress.FOREVER);
    }

    private static Route route(String destination, long metric, RouteHop hop) {
        return new Route(
                IpPrefix.parse(destination).orElseThrow(),
                Route.MAIN_TABLE,
                THEIRS,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                metric,
                0,
                List.of(hop));
    }

    private <T> Optional<T> any(List<T> things) {
        return things.isEmpty() ? Optional.empty() : Optional.of(things.get(random.nextInt(things.size())));
    }

    /** Takes along all that is its own. */
    void leave() throws Exception {
        KernelState state = network.observe();
        List<Request> acts = new ArrayList<>();
        state.addresses().stream()
                .filter(address -> address.protocol() == THEIRS)
                .map(Addresses::remove)
                .forEach(acts::add);
        state.routes().stream()
                .filter(route -> route.protocol() == THEIRS)
                .map(Routes::remove)
                .forEach(acts::add);
        state.nextHops().stream()
                .filter(nextHop -> nextHop.protocol() == THEIRS)
                .map(nextHop -> NextHops.remove(nextHop.id()))
                .forEach(acts::add);
        socket.batch(acts);
    }

    @Override
    public void close() {
        socket.close();
    }
}
