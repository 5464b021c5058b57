package io.penstock.netlink;

import io.penstock.linux.NewNetwork;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.opentest4j.TestAbortedException;

/** What a kernel sent, octet by octet: lists of everything, events, acknowledgements and refusals. For fuzz tests to begin with. */
final class KernelWords {
    private KernelWords() {}

    /** Without the right to a network of its own, what this host has. */
    static List<byte[]> allThatMayBeHad() throws Throwable {
        try {
            return ofANewNetwork();
        } catch (TestAbortedException e) {
            return ofThisHost();
        }
    }

    static List<byte[]> ofANewNetwork() throws Throwable {
        List<byte[]> datagrams = new ArrayList<>();
        Interposed kernel = keepingIn(datagrams);
        NewNetwork.run(() -> {
            try (Subscription subscription = Subscription.open(kernel.syscalls())) {
                populate();
                subscription.drain(event -> {});
            }
            try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
                InterfaceAddress vip =
                        new InterfaceAddress(1, IpAddress.ofIpv4(0xc0000201), 32, 0, 0, 210, InterfaceAddress.FOREVER);
                socket.batch(List.of(Addresses.add(vip), Addresses.add(vip), Addresses.remove(vip)));
                lists(socket);
                Buckets.list(socket, 10);
            }
        });
        return datagrams;
    }

    private static List<byte[]> ofThisHost() throws IOException {
        List<byte[]> datagrams = new ArrayList<>();
        try (NetlinkSocket socket = NetlinkSocket.open(keepingIn(datagrams).syscalls())) {
            lists(socket);
        }
        return datagrams;
    }

    private static Interposed keepingIn(List<byte[]> datagrams) {
        return new Interposed().receive(datagram -> {
            long length = datagram.receive();
            if (length > 0) {
                datagrams.add(octets(datagram.room(), (int) length));
            }
            return length;
        });
    }

    private static void lists(NetlinkSocket socket) throws IOException {
        Links.list(socket);
        Addresses.list(socket);
        Neighbours.list(socket);
        Routes.list(socket, Route.MAIN_TABLE);
        NextHops.list(socket);
    }

    private static void populate() throws Exception {
        Ip.run("link", "add", "west", "type", "veth", "peer", "name", "east");
        Ip.run("link", "set", "west", "up");
        Ip.run("link", "set", "east", "up");
        Ip.run("address", "add", "192.0.2.1/24", "dev", "west", "valid_lft", "1000", "preferred_lft", "1000");
        Ip.run("address", "add", "2001:db8::1/64", "dev", "west", "nodad");
        Ip.run("neighbour", "add", "192.0.2.9", "lladdr", "02:00:00:00:0a:ff", "nud", "permanent", "dev", "west");
        Ip.run("nexthop", "add", "id", "1", "via", "192.0.2.2", "dev", "west");
        Ip.run("nexthop", "add", "id", "2", "via", "192.0.2.3", "dev", "west");
        Ip.run("nexthop", "add", "id", "10", "group", "1/2", "type", "resilient", "buckets", "8");
        Ip.run("route", "add", "198.51.100.0/24", "nhid", "10");
        Ip.run("route", "add", "203.0.113.0/24", "nexthop", "via", "192.0.2.2", "nexthop", "via", "192.0.2.3");
        Ip.run("-6", "route", "add", "2001:db8:1::/48", "via", "2001:db8::2");
    }

    private static byte[] octets(UnsafeBuffer room, int length) {
        byte[] octets = new byte[length];
        room.getBytes(0, octets);
        return octets;
    }
}
