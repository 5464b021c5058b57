package io.penstock.bgp.it;

import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;

/** A host that announces and a router, each a network namespace with an eth0, and a cable between. */
final class Link implements AutoCloseable {
    static final String SITE_IPV4 = "10.0.0.1";
    static final String ROUTER_IPV4 = "10.0.0.2";
    static final String SITE_IPV6 = "2001:db8:ffff::1";
    static final String ROUTER_IPV6 = "2001:db8:ffff::2";

    private final NetworkNamespace site = NetworkNamespace.create();
    private final NetworkNamespace router = NetworkNamespace.create();

    Link() throws Exception {
        // Addresses are there at once: nobody else may have them.
        for (NetworkNamespace host : new NetworkNamespace[] {site, router}) {
            host.run("sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
        }
        String thread = router.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        site.ip("link add eth0 type veth peer name eth0 netns " + thread);
        configure(site, SITE_IPV4, SITE_IPV6);
        configure(router, ROUTER_IPV4, ROUTER_IPV6);
    }

    private static void configure(NetworkNamespace host, String ipv4, String ipv6) throws Exception {
        host.ip("link set eth0 up");
        host.ip("addr add " + ipv4 + "/24 dev eth0");
        host.ip("-6 addr add " + ipv6 + "/64 dev eth0 nodad");
    }

    NetworkNamespace site() {
        return site;
    }

    NetworkNamespace router() {
        return router;
    }

    @Override
    public void close() {
        router.close();
        site.close();
    }
}
