package io.penstock.vrrp.control;

import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.vrrp.address.LeasedVips;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.wire.NowhereWire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has the routers of a configuration become active and stop once before they do so in earnest, at a time and on a network that do not
 * exist. The first time that a JVM does something it loads and links classes and interprets what it will have compiled later: a first
 * take-over costs more than all advertisements may be late at 10 ms. The kernel is asked for everything, and refuses. NOT thread safe.
 */
public final class Rehearsal {
    /** The second burst of announcements is 5 s after the first, and leases are refreshed before. */
    private static final long ACTIVE_NS = Duration.ofSeconds(6).toNanos();

    /** Hundreds of advertisements: enough for the first compiler. */
    private static final int TURNS_MAX = 400;

    /** Of real time, for configurations of many routers. */
    private static final long LIMIT_NS = Duration.ofMillis(500).toNanos();

    private static final int MTU = 1500;
    private static final int IPV4_BITS = 8;
    private static final int IPV6_BITS = 64;

    /** None of which can be a VIP; the latter is one that nobody chooses. */
    private static final IpAddress IPV4 = IpAddress.ofIpv4(0x7f00_0001);

    private static final IpAddress IPV6 = new IpAddress(0xfe80_0000_0000_0000L, -1);

    private final Controller controller;
    private long nowNs;

    private Rehearsal(VrrpConfig config, Syscalls syscalls, Edges edges) {
        controller = new Controller(config, syscalls, edges, event -> {}, () -> nowNs);
    }

    /**
     * Takes a fraction of a second.
     *
     * @return whether all routers were active in it
     * @throws IOException when the kernel gives no answer, or has no more sockets
     */
    public static boolean of(VrrpConfig config, Syscalls syscalls, long nowNs) throws IOException {
        VrrpConfig rehearsed = withoutTracks(config);
        try (NowhereWire wire = NowhereWire.open(syscalls);
                LeasedVips vips = LeasedVips.nowhere(syscalls, wire, rehearsed)) {
            Edges edges = new Edges(wire, vips, new Scenery(SubscribedNews.open(syscalls), rehearsed));
            Rehearsal rehearsal = new Rehearsal(rehearsed, syscalls, edges);
            try {
                return rehearsal.perform(nowNs);
            } finally {
                rehearsal.controller.close();
            }
        }
    }

    private static VrrpConfig withoutTracks(VrrpConfig config) {
        Map<String, RouterConfig> routers = new LinkedHashMap<>();
        config.routers().forEach((name, router) -> routers.put(name, router.withoutTracks()));
        return new VrrpConfig(config.file(), config.process(), config.protocol(), routers, config.groups(), List.of());
    }

    private boolean perform(long beginNs) throws IOException {
        nowNs = beginNs;
        controller.begin();
        long limitNs = System.nanoTime() + LIMIT_NS;
        long activeUntilNs = Long.MAX_VALUE;
        for (int i = 0; i < TURNS_MAX && nowNs < activeUntilNs && System.nanoTime() < limitNs; i++) {
            long nextNs = controller.nextNs();
            if (nextNs == Long.MAX_VALUE) {
                break;
            }
            nowNs = Math.max(nowNs, nextNs);
            controller.turn(0);
            if (activeUntilNs == Long.MAX_VALUE && areAllActive()) {
                activeUntilNs = nowNs + ACTIVE_NS;
            }
        }
        boolean active = areAllActive();
        controller.end();
        return active;
    }

    private boolean areAllActive() {
        return controller.status().routers().stream()
                .allMatch(router -> router.view().state() == State.ACTIVE);
    }

    /** The kernel is listened to; but the interfaces are those of the configuration, each with an address of both families. */
    private static final class Scenery implements KernelNews {
        private final SubscribedNews news;
        private final VrrpConfig config;
        private boolean told;

        Scenery(SubscribedNews news, VrrpConfig config) {
            this.news = news;
            this.config = config;
        }

        @Override
        public int fd() {
            return news.fd();
        }

        @Override
        public boolean take(Interfaces into) throws IOException {
            boolean unused = news.take(new Interfaces());
            if (told) {
                return false;
            }
            Map<String, Link> links = new HashMap<>();
            List<InterfaceAddress> addresses = new ArrayList<>();
            for (RouterConfig router : config.routers().values()) {
                Link link = links.computeIfAbsent(
                        router.interfaceName(), name -> link(NowhereWire.NO_INTERFACE - links.size(), name));
                router.vips()
                        .forEach(vip -> links.computeIfAbsent(
                                vip.interfaceName(), name -> link(NowhereWire.NO_INTERFACE - links.size(), name)));
                IpAddress source = router.source().orElse(router.isIpv4() ? IPV4 : IPV6);
                int bits = source.isIpv4() ? IPV4_BITS : IPV6_BITS;
                addresses.add(new InterfaceAddress(link.index(), source, bits, 0, 0, 0, InterfaceAddress.FOREVER));
            }
            into.replace(List.copyOf(links.values()), addresses);
            told = true;
            return true;
        }

        private static Link link(int index, String name) {
            return new Link(index, name, true, true, false, MTU, Optional.empty(), Optional.empty());
        }

        @Override
        public void close() {
            news.close();
        }
    }
}
