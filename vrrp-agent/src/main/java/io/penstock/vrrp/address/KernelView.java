package io.penstock.vrrp.address;

import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Macvlan;
import io.penstock.vrrp.address.Vip.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The links and addresses of this network namespace at one moment, whoever made them. */
final class KernelView {
    private record OnLink(int link, IpAddress address) {}

    private final Map<String, Link> links = new HashMap<>();
    private final Map<String, Macvlan> macvlans = new HashMap<>();
    private final Map<OnLink, List<InterfaceAddress>> addresses = new HashMap<>();

    KernelView(List<Link> links, List<Macvlan> macvlans, List<InterfaceAddress> addresses) {
        links.forEach(link -> this.links.put(link.name(), link));
        macvlans.forEach(macvlan -> this.macvlans.put(macvlan.name(), macvlan));
        for (InterfaceAddress one : addresses) {
            this.addresses
                    .computeIfAbsent(new OnLink(one.linkIndex(), one.address()), any -> new ArrayList<>(1))
                    .add(one);
        }
    }

    Optional<Link> link(String name) {
        return Optional.ofNullable(links.get(name));
    }

    Optional<Macvlan> macvlan(String name) {
        return Optional.ofNullable(macvlans.get(name));
    }

    /** As if there were no interface of this name. */
    void hide(String name) {
        links.remove(name);
    }

    /**
     * Takes out what carries this mark and belongs nowhere: as if it were not there.
     *
     * @param places where what carries it belongs
     */
    List<InterfaceAddress> takeStray(int protocol, Set<Place> places) {
        Set<InterfaceAddress> known = new HashSet<>();
        List<InterfaceAddress> stray = new ArrayList<>();
        for (Place place : places) {
            link(place.interfaceName()).stream()
                    .flatMap(link -> find(link, place.address()).stream())
                    .filter(one -> one.prefixBits() == place.prefixBits())
                    .forEach(known::add);
        }
        for (List<InterfaceAddress> there : addresses.values()) {
            there.stream()
                    .filter(one -> one.protocol() == protocol && !known.contains(one))
                    .forEach(stray::add);
            there.removeAll(stray);
        }
        return stray;
    }

    /** The name of a link. */
    Optional<String> name(int linkIndex) {
        return links.values().stream()
                .filter(link -> link.index() == linkIndex)
                .map(Link::name)
                .findFirst();
    }

    /** One address on one link: of IPv4 there may be several, in networks of different sizes. */
    List<InterfaceAddress> find(Link link, IpAddress address) {
        return addresses.getOrDefault(new OnLink(link.index(), address), List.of());
    }
}
