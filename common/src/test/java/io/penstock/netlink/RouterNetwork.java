package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.fail;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.NewNetwork;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A router in a network namespace of its own: links v1 to v3, each with a network of both families, 10.0.N.1/24 and
 * 2001:db8:N::1/64, and w1 to w3, the other ends of their cables.
 */
final class RouterNetwork implements AutoCloseable {
    static final int OURS = 210;
    static final int THEIRS = 220;
    static final int LINKS = 3;

    private static final long WAIT_NS = 5_000_000_000L;

    final NetlinkSocket socket;

    private RouterNetwork() throws Exception {
        socket = NetlinkSocket.open(new LinuxSyscalls());
        for (int i = 1; i <= LINKS; i++) {
            ip("link add v" + i + " type veth peer name w" + i);
            ip("link set w" + i + " up");
            ip("link set v" + i + " up");
            ip("addr add 10.0." + i + ".1/24 dev v" + i);
            connect6(i);
        }
    }

    interface Test {
        void run(RouterNetwork network) throws Exception;
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void run(Test test) throws Throwable {
        NewNetwork.run(() -> {
            try (RouterNetwork network = new RouterNetwork()) {
                test.run(network);
            }
        });
    }

    /**
     * What ip(8) prints.
     *
     * @param words with one space between
     */
    static String ip(String words) throws Exception {
        return Ip.run(words.split(" "));
    }

    /** The kernel forgets it when the link is set down. */
    void connect6(int number) throws Exception {
        ip("-6 addr add 2001:db8:" + number + "::1/64 dev v" + number + " nodad");
    }

    int link(int number) throws Exception {
        for (Link link : Links.list(socket)) {
            if (link.name().equals("v" + number)) {
                return link.index();
            }
        }
        return fail("no link v" + number);
    }

    /** Pulls the cable, and waits until the kernel has drawn its conclusions. */
    void pull(int number) throws Exception {
        ip("link set w" + number + " down");
        await("v" + number + " down", () -> operationalState(number).equals("LOWERLAYERDOWN"));
    }

    void plug(int number) throws Exception {
        ip("link set w" + number + " up");
        await("v" + number + " up", () -> operationalState(number).equals("UP"));
    }

    /** The carrier is gone a moment before: this changes together with routes and nexthop objects, under one lock. */
    private static String operationalState(int number) throws Exception {
        return Ip.list("link", "show", "dev", "v" + number)
                .get(0)
                .get("operstate")
                .getAsString();
    }

    void await(String what, Condition condition) throws Exception {
        long deadlineNs = System.nanoTime() + WAIT_NS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadlineNs) {
                fail("never: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static IpAddress gateway(int number, int host) {
        return IpAddress.parse("10.0." + number + "." + host).orElseThrow();
    }

    static IpAddress gateway6(int number, int host) {
        return IpAddress.parse("2001:db8:" + number + "::" + host).orElseThrow();
    }

    RouteHop hop(int number, int host, int weight) throws Exception {
        return new RouteHop(gateway(number, host), link(number), weight);
    }

    RouteHop hop6(int number, int host, int weight) throws Exception {
        return new RouteHop(gateway6(number, host), link(number), weight);
    }

    static Route route(String destination, long metric, RouteHop... hops) {
        return route(destination, OURS, metric, 0, hops);
    }

    static Route routeTo(String destination, int nextHopId) {
        return route(destination, OURS, 0, nextHopId);
    }

    static Route unreachable(String destination) {
        return new Route(prefix(destination), Route.MAIN_TABLE, OURS, 0, Route.Type.UNREACHABLE, 0, 0, List.of());
    }

    static Route route(String destination, int protocol, long metric, int nextHopId, RouteHop... hops) {
        return new Route(
                prefix(destination),
                Route.MAIN_TABLE,
                protocol,
                Route.SCOPE_UNIVERSE,
                Route.Type.UNICAST,
                metric,
                nextHopId,
                List.of(hops));
    }

    static IpPrefix prefix(String text) {
        return IpPrefix.parse(text).orElseThrow();
    }

    NextHop leg(int id, int number, int host) throws Exception {
        return new NextHop(id, OURS, new NextHop.Leg(gateway(number, host), link(number)));
    }

    /** What main has to the destination, in the kernel's order. */
    List<Route> routes(String destination) throws Exception {
        List<Route> routes = new ArrayList<>(Routes.list(socket, Route.MAIN_TABLE));
        routes.removeIf(route -> !route.destination().equals(prefix(destination)));
        return routes;
    }

    @Override
    public void close() {
        socket.close();
    }
}
