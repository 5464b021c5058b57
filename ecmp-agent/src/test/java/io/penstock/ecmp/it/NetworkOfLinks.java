package io.penstock.ecmp.it;

import io.penstock.ecmp.kernel.KernelState;
import io.penstock.ecmp.kernel.NetlinkKernel;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Route;
import io.penstock.testing.NetworkNamespace;
import java.util.Set;

/**
 * A router in a namespace of its own: links v1 to vN, each with a network of both families, 10.0.N.1/24 and 2001:db8:N::1/64, and w1 to
 * wN, the other ends of their cables. It looks at the kernel with a socket of its own.
 */
final class NetworkOfLinks implements AutoCloseable {
    private final NetworkNamespace namespace = NetworkNamespace.create();
    private final NetlinkKernel kernel;

    NetworkOfLinks(int links) throws Exception {
        for (int i = 1; i <= links; i++) {
            namespace.addCable("v" + i, "w" + i);
            namespace.ip("addr add 10.0." + i + ".1/24 dev v" + i);
            connect6(i);
        }
        kernel = namespace.call(() -> NetlinkKernel.open(new LinuxSyscalls(), () -> Set.of(Route.MAIN_TABLE)));
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    KernelState observe() throws Exception {
        return kernel.observe();
    }

    int link(int number) throws Exception {
        return observe().links().stream()
                .filter(link -> link.name().equals("v" + number))
                .mapToInt(Link::index)
                .findFirst()
                .orElseThrow();
    }

    /** Pulls the cable, and waits until the kernel has drawn its conclusions. */
    void pull(int number) throws Exception {
        namespace.ip("link set w" + number + " down");
        awaitState(number, "LOWERLAYERDOWN");
    }

    void plug(int number) throws Exception {
        namespace.ip("link set w" + number + " up");
        awaitState(number, "UP");
    }

    /** As an operator does. */
    void setDown(int number) throws Exception {
        namespace.ip("link set v" + number + " down");
        awaitState(number, "DOWN");
    }

    void setUp(int number) throws Exception {
        namespace.ip("link set v" + number + " up");
        awaitState(number, "UP");
        connect6(number);
    }

    /** The kernel forgets it when the link is set down. */
    private void connect6(int number) throws Exception {
        namespace.ip("-6 addr replace 2001:db8:" + number + "::1/64 dev v" + number + " nodad");
    }

    /** The carrier is gone a moment before: this changes together with routes and nexthop objects, under one lock. */
    private void awaitState(int number, String state) throws Exception {
        NetworkNamespace.await("v" + number + " " + state, () -> namespace
                .ipJson("link show dev v" + number)
                .get(0)
                .getAsJsonObject()
                .get("operstate")
                .getAsString()
                .equals(state));
    }

    static IpAddress gateway(int number) {
        return IpAddress.parse("10.0." + number + ".2").orElseThrow();
    }

    static IpAddress gateway6(int number) {
        return IpAddress.parse("2001:db8:" + number + "::2").orElseThrow();
    }

    @Override
    public void close() {
        kernel.close();
        namespace.close();
    }
}
