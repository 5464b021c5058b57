package io.penstock.forwarder.xdp.backend;

import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The interfaces of this network namespace and their addresses, as they were when they were asked for. */
record Surroundings(List<Link> links, List<InterfaceAddress> addresses) {
    private static final int SCOPE_UNIVERSE = 0;

    static Surroundings read(NetlinkSocket socket) throws IOException {
        return new Surroundings(Links.list(socket), Addresses.list(socket));
    }

    Optional<Link> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** @throws IOException when there is none of this name */
    Link required(String name) throws IOException {
        return link(name)
                .orElseThrow(() -> new IOException("no interface " + name + "; there are: "
                        + String.join(", ", links.stream().map(Link::name).toList())));
    }

    Link loopback() throws IOException {
        return links.stream()
                .filter(Link::loopback)
                .findFirst()
                .orElseThrow(() -> new IOException("no loopback interface"));
    }

    String name(int index) {
        return links.stream()
                .filter(link -> link.index() == index)
                .map(Link::name)
                .findFirst()
                .orElse("link " + index);
    }

    boolean has(int linkIndex, IpAddress address) {
        return addresses.stream()
                .anyMatch(one -> one.linkIndex() == linkIndex && one.address().equals(address));
    }

    /** Whether there is such an interface, and it has the address. */
    boolean has(String device, IpAddress address) {
        return link(device)
                .map(Link::index)
                .filter(index -> has(index, address))
                .isPresent();
    }

    /** Where else than there. */
    List<String> elsewhere(int linkIndex, IpAddress address) {
        return addresses.stream()
                .filter(one -> one.linkIndex() != linkIndex && one.address().equals(address))
                .map(one -> name(one.linkIndex()))
                .toList();
    }

    /** An interface's own address of a family: one of the peer's network if there is one, else the first. */
    Optional<IpAddress> own(int linkIndex, boolean ipv4, Optional<IpAddress> peer) {
        List<InterfaceAddress> own = addresses.stream()
                .filter(one ->
                        one.linkIndex() == linkIndex && one.address().isIpv4() == ipv4 && one.scope() == SCOPE_UNIVERSE)
                .toList();
        return own.stream()
                .filter(one -> peer.isPresent() && isNeighbour(one, peer.get()))
                .findFirst()
                .or(() -> own.stream().findFirst())
                .map(InterfaceAddress::address);
    }

    private static boolean isNeighbour(InterfaceAddress own, IpAddress peer) {
        int bits = own.prefixBits() + (own.address().isIpv4() ? 96 : 0);
        return IpPrefix.around(own.address(), bits).contains(peer.high(), peer.low());
    }
}
