package io.penstock.ecmp.it;

import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A client, a router, and three hosts, each on a wire of its own to the router: host N is 10.0.N.2 and 2001:db8:N::2, the router 10.0.N.1
 * and 2001:db8:N::1 on v1 to v3. Every host has the VIPs and answers there, each octet with its own number. No route of the router leads to the VIPs.
 */
final class RoutedNetwork implements AutoCloseable {
    static final int HOSTS = 3;
    static final String VIP = "192.0.2.10";
    static final String VIP6 = "2001:db8:ff::10";

    private static final int PORT = 8000;
    private static final int TIMEOUT_MS = 5_000;

    private final NetworkNamespace router = namespace();
    private final NetworkNamespace client = namespace();
    private final List<NetworkNamespace> hosts = new ArrayList<>();
    private final List<Answerer> answerers = new ArrayList<>();

    RoutedNetwork() throws Exception {
        set(router, "ipv4/ip_forward", 1);
        set(router, "ipv6/conf/all/forwarding", 1);
        set(router, "ipv4/fib_multipath_hash_policy", 1);
        set(router, "ipv6/fib_multipath_hash_policy", 1);
        join("c0", 9, client);
        for (int i = 1; i <= HOSTS; i++) {
            NetworkNamespace host = namespace();
            hosts.add(host);
            join("v" + i, i, host);
            host.ip("addr add " + VIP + "/32 dev lo");
            host.ip("-6 addr add " + VIP6 + "/128 dev lo nodad");
            int number = i;
            answerers.add(host.call(() -> new Answerer(number)));
        }
    }

    /** Whose links have IPv6 at once: nobody else is there who might have the same address. */
    private static NetworkNamespace namespace() throws Exception {
        NetworkNamespace namespace = NetworkNamespace.create();
        set(namespace, "ipv6/conf/default/accept_dad", 0);
        return namespace;
    }

    /** A wire from the router's device to eth0 there, and the default routes back. */
    private void join(String device, int network, NetworkNamespace other) throws Exception {
        String thread = other.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        router.ip("link add " + device + " type veth peer name eth0 netns " + thread);
        router.ip("link set " + device + " up");
        router.ip("addr add 10.0." + network + ".1/24 dev " + device);
        router.ip("-6 addr add 2001:db8:" + network + "::1/64 dev " + device + " nodad");
        other.ip("link set eth0 up");
        other.ip("addr add 10.0." + network + ".2/24 dev eth0");
        other.ip("-6 addr add 2001:db8:" + network + "::2/64 dev eth0 nodad");
        other.ip("route add default via 10.0." + network + ".1");
        other.ip("-6 route add default via 2001:db8:" + network + "::1");
    }

    private static void set(NetworkNamespace namespace, String path, int value) throws Exception {
        namespace.run("sh", "-c", "echo " + value + " > /proc/sys/net/" + path);
    }

    NetworkNamespace router() {
        return router;
    }

    /** Pulls the cable at the host's end. */
    void pull(int host) throws Exception {
        hosts.get(host - 1).ip("link set eth0 down");
        awaitCarrier(host, false);
    }

    /** With the default routes, which went with the link. */
    void plug(int host) throws Exception {
        NetworkNamespace there = hosts.get(host - 1);
        there.ip("link set eth0 up");
        there.ip("-6 addr replace 2001:db8:" + host + "::2/64 dev eth0 nodad");
        there.ip("route replace default via 10.0." + host + ".1");
        there.ip("-6 route replace default via 2001:db8:" + host + "::1");
        awaitCarrier(host, true);
    }

    /** Until the kernel has drawn its conclusions: this changes together with routes and nexthop objects, under one lock. */
    private void awaitCarrier(int host, boolean carrier) throws Exception {
        NetworkNamespace.await(
                "v" + host + (carrier ? " up" : " down"),
                () -> carrier
                        == router.ipJson("link show dev v" + host)
                                .get(0)
                                .getAsJsonObject()
                                .get("operstate")
                                .getAsString()
                                .equals("UP"));
    }

    /** So many connections from the client, each from a port of its own. */
    List<Connection> connect(String vip, int connections) throws Exception {
        List<Connection> opened = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            opened.add(client.call(() -> new Connection(vip)));
        }
        return opened;
    }

    @Override
    public void close() throws IOException {
        for (Answerer answerer : answerers) {
            answerer.close();
        }
        hosts.forEach(NetworkNamespace::close);
        client.close();
        router.close();
    }

    /** A client's connection, which knows the host that has answered it first. */
    static final class Connection implements AutoCloseable {
        private final Socket socket = new Socket();
        private final int host;

        Connection(String vip) throws IOException {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getByName(vip), PORT), TIMEOUT_MS);
            host = ask();
        }

        int host() {
            return host;
        }

        /** The number of the host that answers now. */
        int ask() throws IOException {
            socket.getOutputStream().write(1);
            return socket.getInputStream().read();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Answers each octet with a number, on a thread of its own. */
    private static final class Answerer implements AutoCloseable {
        private final int number;
        private final Selector selector = Selector.open();
        private final ServerSocketChannel listener = ServerSocketChannel.open();
        private final Thread thread = new Thread(this::run, "answerer");

        Answerer(int number) throws IOException {
            this.number = number;
            listener.bind(new InetSocketAddress(PORT));
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                while (selector.isOpen()) {
                    selector.select(this::serve);
                }
            } catch (IOException | ClosedSelectorException | CancelledKeyException ended) {
                // by close
            }
        }

        private void serve(SelectionKey key) {
            try {
                if (key.isAcceptable()) {
                    SocketChannel accepted = listener.accept();
                    accepted.configureBlocking(false);
                    accepted.register(selector, SelectionKey.OP_READ);
                    return;
                }
                SocketChannel channel = (SocketChannel) key.channel();
                if (channel.read(ByteBuffer.allocate(1)) < 0) {
                    channel.close();
                } else {
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) number}));
                }
            } catch (IOException broken) {
                key.cancel();
            }
        }

        @Override
        public void close() throws IOException {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
