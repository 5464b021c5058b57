package io.penstock.forwarder.xdp;

import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.Neighbour;
import io.penstock.netlink.Neighbours;
import io.penstock.netlink.NetlinkException;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.netlink.Request;
import io.penstock.netlink.Route;
import io.penstock.netlink.RouteAnswer;
import io.penstock.netlink.RouteHop;
import io.penstock.netlink.Routes;
import io.penstock.netlink.Subscription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How packets get to backends: the kernel's route to each, the hardware address of its next hop, and that of the interface. The program
 * asks nobody, so neighbours are kept known here. Listens to the kernel and asks again what may have changed. {@code fwd-xdp}'s alone.
 */
final class NextHops implements Paths, AutoCloseable {
    /** Between two looks at all routes, and more of it with many addresses: a router's table changes all the time. */
    private static final long LOOK_PAUSE_NS = 200_000_000L;

    private static final long LOOK_PAUSE_EACH_NS = 1_000_000L;

    /** A neighbour that does not answer is asked again, and so is one that the kernel would forget. */
    private static final long ASK_PAUSE_NS = 2_000_000_000L;

    private static final long ANEW_NS = 30_000_000_000L;

    private final NetlinkSocket socket;
    private final Subscription subscription;
    private Map<Integer, Link> links = new HashMap<>();
    private Map<Hop, Neighbour> neighbours = new HashMap<>();
    private List<InterfaceAddress> addresses = List.of();
    private Set<IpAddress> wanted = Set.of();
    private Set<IpAddress> routed = Set.of();
    private final Map<IpAddress, Way> ways = new HashMap<>();

    /** Neighbours that the kernel was told to keep known. */
    private final Set<Hop> kept = new HashSet<>();

    private boolean changed = true;
    private boolean stale = true;
    private boolean urgent = true;
    private boolean lost = true;
    private long lookAtNs;
    private long askAtNs;

    /** Of rules, and of what routes learn, nobody tells: looked at without being told of. */
    private long anewAtNs;

    /** A neighbour of an interface. */
    private record Hop(int link, IpAddress address) {}

    /**
     * What the kernel says of the way to an address.
     *
     * @param hop null when there is none
     * @param mtu the route's own; 0 for none
     * @param trouble why there is none
     */
    private record Way(Hop hop, boolean onLink, int mtu, String trouble) {
        private static Way none(String why) {
            return new Way(null, false, 0, why);
        }
    }

    private NextHops(NetlinkSocket socket, Subscription subscription) {
        this.socket = socket;
        this.subscription = subscription;
    }

    static NextHops open(Syscalls syscalls) throws IOException {
        Subscription subscription = Subscription.toWays(syscalls);
        try {
            return new NextHops(NetlinkSocket.open(syscalls), subscription);
        } catch (IOException e) {
            subscription.close();
            throw e;
        }
    }

    /** Readable when the kernel has something to tell. */
    int fd() {
        return subscription.fd();
    }

    /**
     * Takes what the kernel tells.
     *
     * @throws IOException when it cannot be heard; then all is looked at instead
     */
    void take() throws IOException {
        try {
            subscription.drain(this::on);
        } catch (IOException e) {
            lost = true;
            stale = true;
            throw e;
        }
    }

    private void on(KernelEvent event) {
        if (event instanceof KernelEvent.NeighbourChanged news) {
            changed |= kept.contains(hop(news.neighbour()));
            put(news.neighbour());
        } else if (event instanceof KernelEvent.NeighbourRemoved removed) {
            changed |= kept.contains(hop(removed.neighbour()));
            neighbours.remove(hop(removed.neighbour()));
        } else if (event instanceof KernelEvent.LinkChanged news) {
            links.put(news.link().index(), news.link());
            changed = true;
            stale = true;
        } else if (event instanceof KernelEvent.LinkRemoved removed) {
            links.remove(removed.link().index());
            changed = true;
            stale = true;
        } else {
            lost |= event instanceof KernelEvent.Lost;
            stale = true;
        }
    }

    private void put(Neighbour neighbour) {
        neighbours.put(hop(neighbour), neighbour);
    }

    private static Hop hop(Neighbour neighbour) {
        return new Hop(neighbour.linkIndex(), neighbour.address());
    }

    /**
     * Whose ways are to be known.
     *
     * @param byRoute of which only the interface counts: nobody is asked for them
     */
    void want(Set<IpAddress> all, Set<IpAddress> byRoute) {
        if (!all.equals(wanted) || !byRoute.equals(routed)) {
            wanted = Set.copyOf(all);
            routed = Set.copyOf(byRoute);
            ways.keySet().removeIf(address -> !wanted.contains(address) && !routed.contains(address));
            stale = true;
            urgent = true;
        }
    }

    /** Looks again at what may have changed, and asks neighbours that are not known. */
    void look(long nowNs) throws IOException {
        stale |= nowNs - anewAtNs >= 0;
        if (stale && (urgent || nowNs - lookAtNs >= 0)) {
            lookAtNs = nowNs + LOOK_PAUSE_NS + wanted.size() * LOOK_PAUSE_EACH_NS;
            askAtNs = nowNs + ASK_PAUSE_NS;
            anewAtNs = nowNs + ANEW_NS;
            stale = false;
            urgent = false;
            changed = true;
            try {
                lookAtAll();
            } catch (IOException e) {
                stale = true;
                lost = true;
                throw e;
            }
            askAtNs = nowNs;
        }
        if (nowNs - askAtNs >= 0) {
            askAtNs = nowNs + ASK_PAUSE_NS;
            ask();
        }
    }

    private void lookAtAll() throws IOException {
        if (lost) {
            // Only when all is known: an interface that is missing here is one to detach from.
            Map<Integer, Link> allLinks = new HashMap<>();
            Links.list(socket).forEach(link -> allLinks.put(link.index(), link));
            Map<Hop, Neighbour> allNeighbours = new HashMap<>();
            Neighbours.list(socket).forEach(neighbour -> allNeighbours.put(hop(neighbour), neighbour));
            links = allLinks;
            neighbours = allNeighbours;
            lost = false;
        }
        addresses = Addresses.list(socket);
        for (IpAddress address : wanted) {
            ways.put(address, wayTo(address));
        }
        for (IpAddress address : routed) {
            ways.put(address, wayTo(address));
        }
    }

    private Way wayTo(IpAddress address) throws IOException {
        Optional<RouteAnswer> answer;
        try {
            answer = Routes.lookup(socket, address);
        } catch (NetlinkException e) {
            return Way.none("no route to " + address);
        }
        if (answer.isEmpty() || answer.get().route().hops().isEmpty()) {
            return Way.none("no route to " + address);
        }
        Route found = answer.get().route();
        if (found.type() == Route.Type.LOCAL) {
            return Way.none(address + " is an address of this host");
        }
        if (found.type() != Route.Type.UNICAST) {
            return Way.none(address + " is not the address of one host");
        }
        RouteHop hop = found.hops().get(0);
        IpAddress next = hop.gateway().orElse(address);
        return new Way(
                new Hop(hop.linkIndex(), next),
                hop.gateway().isEmpty(),
                answer.get().mtu(),
                "");
    }

    /** Neighbours of all ways that have not answered lately; the kernel of 5.16 and later keeps the others known by itself. */
    private void ask() throws IOException {
        Set<Hop> hops = new HashSet<>();
        for (IpAddress address : wanted) {
            Way way = ways.get(address);
            if (way != null && way.hop != null) {
                hops.add(way.hop);
            }
        }
        List<Request> requests = new ArrayList<>();
        for (Hop hop : hops) {
            Neighbour known = neighbours.get(hop);
            if (needsAsking(known) || (!kept.contains(hop) && !known.isFixed())) {
                requests.add(Neighbours.resolve(hop.link, hop.address, true));
            }
        }
        for (Hop hop : kept) {
            Neighbour known = neighbours.get(hop);
            if (!hops.contains(hop) && known != null && !known.isFixed()) {
                requests.add(Neighbours.resolve(hop.link, hop.address, false));
            }
        }
        kept.clear();
        kept.addAll(hops);
        // What is refused is asked again: the interface may be gone or be down by now.
        List<Optional<NetlinkException>> unused = socket.batch(requests);
    }

    /** Whether ways may have changed since this was asked last. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    private static boolean needsAsking(Neighbour neighbour) {
        return neighbour == null || (!neighbour.isFixed() && (neighbour.state() & Neighbour.NUD_REACHABLE) == 0);
    }

    @Override
    public Real.Path path(IpAddress address, boolean onLink) {
        Way way = ways.get(address);
        if (way == null || way.hop == null || (onLink && !way.onLink)) {
            return Real.Path.UNKNOWN;
        }
        Link link = links.get(way.hop.link);
        Neighbour neighbour = neighbours.get(way.hop);
        if (link == null || link.hardwareAddress().isEmpty()) {
            return Real.Path.UNKNOWN;
        }
        Mac next = neighbour == null
                ? Mac.ZERO
                : neighbour.hardwareAddress().map(Mac::parse).orElse(Mac.ZERO);
        int mtu = way.mtu == 0 ? link.mtu() : Math.min(way.mtu, link.mtu());
        return new Real.Path(link.index(), Mac.parse(link.hardwareAddress().get()), next, mtu);
    }

    /** Why packets cannot get there, or not any more; empty when they can, and while a first answer is waited for. */
    Optional<String> trouble(IpAddress address, boolean onLink) {
        Way way = ways.get(address);
        if (way == null) {
            return Optional.empty();
        }
        if (way.hop == null) {
            return Optional.of(way.trouble);
        }
        Link link = links.get(way.hop.link);
        String name = link == null ? "interface " + way.hop.link : link.name();
        if (onLink && !way.onLink) {
            return Optional.of(address + " is behind the gateway " + way.hop.address + " of " + name
                    + ": encapsulation l2 reaches backends of the same network only");
        }
        if (link == null || !link.carrier()) {
            return Optional.of(name + " is down");
        }
        if (link.hardwareAddress().isEmpty()) {
            return Optional.of("the way to " + address + " leaves by " + name + ", which is no Ethernet");
        }
        Neighbour neighbour = neighbours.get(way.hop);
        if (neighbour == null || neighbour.hardwareAddress().isEmpty()) {
            return Optional.of("nobody answers for " + way.hop.address + " at " + name);
        }
        return Optional.empty();
    }

    /** The interface that packets of this host to the address leave by, or 0. */
    int linkTo(IpAddress address) {
        Way way = ways.get(address);
        return way == null || way.hop == null ? 0 : way.hop.link;
    }

    /** Why packets of this host do not get to an address; empty when there is a route, and before the first look. */
    Optional<String> noRoute(IpAddress address) {
        Way way = ways.get(address);
        return way == null || way.hop != null ? Optional.empty() : Optional.of(way.trouble);
    }

    /** An interface's own; empty where it has none. */
    Optional<Mac> hardwareAddress(int index) {
        return Optional.ofNullable(links.get(index))
                .flatMap(Link::hardwareAddress)
                .map(Mac::parse);
    }

    /** Of the interface of that name; empty when there is none. */
    OptionalInt linkIndex(String name) {
        return links.values().stream()
                .filter(link -> link.name().equals(name))
                .mapToInt(Link::index)
                .findFirst();
    }

    String linkNames() {
        return links.values().stream().map(Link::name).sorted().collect(Collectors.joining(", "));
    }

    String linkName(int index) {
        Link link = links.get(index);
        return link == null ? "interface " + index : link.name();
    }

    /** The first address of an interface that other hosts may know; IPv4 or not. */
    Optional<IpAddress> addressOf(int link, boolean ipv4) {
        return addresses.stream()
                .filter(address -> address.linkIndex() == link
                        && address.address().isIpv4() == ipv4
                        && address.scope() == Route.SCOPE_UNIVERSE
                        && (address.flags() & InterfaceAddress.IFA_F_DADFAILED) == 0)
                .map(InterfaceAddress::address)
                .findFirst();
    }

    /** When to {@link #look} again, whatever is told until then. */
    long nextNs() {
        return stale && lookAtNs - askAtNs < 0 ? lookAtNs : askAtNs;
    }

    @Override
    public void close() {
        subscription.close();
        socket.close();
    }
}
