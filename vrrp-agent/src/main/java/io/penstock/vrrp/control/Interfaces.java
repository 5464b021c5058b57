package io.penstock.vrrp.control;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The network interfaces of this host and their addresses, as the kernel last told. NOT thread safe. */
public final class Interfaces {
    private static final int IPV6_MIN_MTU = 1280;

    private final Map<Integer, Link> links = new HashMap<>();

    /** Of each interface in the kernel's order, in which the first address is the primary one. */
    private final Map<Integer, Map<Key, InterfaceAddress>> addresses = new HashMap<>();

    /** Of each interface, how often it was told to be without IPv6. */
    private final Map<Integer, Integer> withoutIpv6 = new HashMap<>();

    private int lists;

    private Set<String> followed = Set.of();
    private boolean followedChanged;

    private record Key(IpAddress address, int prefixBits) {}

    /** All there is. */
    public void replace(List<Link> allLinks, List<InterfaceAddress> allAddresses) {
        lists++;
        followedChanged = true;
        links.clear();
        addresses.clear();
        allLinks.forEach(link -> links.put(link.index(), link));
        allAddresses.forEach(this::put);
    }

    /** Which are to be looked at when they change; by name, whether they are there or not. */
    void follow(Set<String> names) {
        followed = Set.copyOf(names);
    }

    /** Whether anything that was told since this was asked before is about those. */
    boolean takeFollowedChanged() {
        boolean was = followedChanged;
        followedChanged = false;
        return was;
    }

    /** Whether anything but a lifetime is other than it was. */
    public boolean apply(KernelEvent event) {
        boolean followedBefore = isFollowed(event);
        boolean changed = take(event);
        followedChanged |= changed && (followedBefore || isFollowed(event));
        return changed;
    }

    /** By the name that it has as far as is known: before and after a change that may be two. */
    private boolean isFollowed(KernelEvent event) {
        if (event instanceof KernelEvent.LinkChanged changed) {
            return isFollowed(changed.link().index());
        }
        if (event instanceof KernelEvent.LinkRemoved removed) {
            return isFollowed(removed.link().index());
        }
        if (event instanceof KernelEvent.AddressChanged changed) {
            return isFollowed(changed.address().linkIndex());
        }
        return event instanceof KernelEvent.AddressRemoved removed
                && isFollowed(removed.address().linkIndex());
    }

    private boolean isFollowed(int linkIndex) {
        Link link = links.get(linkIndex);
        return link != null && followed.contains(link.name());
    }

    private boolean take(KernelEvent event) {
        if (event instanceof KernelEvent.LinkChanged changed) {
            Link link = changed.link();
            if (!carriesIpv6(link)) {
                withoutIpv6.merge(link.index(), 1, Integer::sum);
            }
            return !link.equals(links.put(link.index(), link));
        }
        if (event instanceof KernelEvent.LinkRemoved removed) {
            addresses.remove(removed.link().index());
            withoutIpv6.remove(removed.link().index());
            return links.remove(removed.link().index()) != null;
        }
        if (event instanceof KernelEvent.AddressChanged changed) {
            return put(changed.address());
        }
        if (event instanceof KernelEvent.AddressRemoved removed) {
            return remove(removed.address());
        }
        return false;
    }

    private boolean put(InterfaceAddress address) {
        InterfaceAddress former = addresses
                .computeIfAbsent(address.linkIndex(), index -> new LinkedHashMap<>())
                .put(key(address), address);
        return former == null || former.flags() != address.flags() || former.protocol() != address.protocol();
    }

    /** It may be of an interface that had no address when all were asked for: what happened shortly before is told after. */
    private boolean remove(InterfaceAddress address) {
        Map<Key, InterfaceAddress> those = addresses.get(address.linkIndex());
        return those != null && those.remove(key(address)) != null;
    }

    private static Key key(InterfaceAddress address) {
        return new Key(address.address(), address.prefixBits());
    }

    /** The interface of this name. */
    public Optional<Link> link(String name) {
        for (Link link : links.values()) {
            if (link.name().equals(name)) {
                return Optional.of(link);
            }
        }
        return Optional.empty();
    }

    /** All that have this hardware address. */
    List<Link> having(String hardwareAddress) {
        return links.values().stream()
                .filter(link ->
                        link.hardwareAddress().filter(hardwareAddress::equals).isPresent())
                .toList();
    }

    /** Whether the MTU is not below what IPv6 takes (RFC 8200 section 5): the kernel has none on such an interface. */
    static boolean carriesIpv6(Link link) {
        return link.mtu() >= IPV6_MIN_MTU;
    }

    /**
     * Another number than before when IPv6 may have gone from the interface and come back meanwhile, both of which may be told at once, or
     * be lost.
     */
    int ipv6Generation(int linkIndex) {
        return lists + withoutIpv6.getOrDefault(linkIndex, 0);
    }

    /** Whether an interface of this name is there, up and has a carrier. */
    public boolean hasCarrier(String name) {
        return link(name).map(Link::carrier).orElse(false);
    }

    /** Of one interface, in the kernel's order. */
    public List<InterfaceAddress> addresses(int linkIndex) {
        return new ArrayList<>(addresses.getOrDefault(linkIndex, Map.of()).values());
    }

    /** Of all interfaces. */
    public List<InterfaceAddress> addresses() {
        return addresses.values().stream()
                .flatMap(those -> those.values().stream())
                .toList();
    }
}
