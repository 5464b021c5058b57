package io.penstock.vrrp.control;

import io.penstock.netlink.Link;
import io.penstock.vrrp.wire.Packet;
import io.penstock.vrrp.wire.VrrpSocket;
import io.penstock.vrrp.wire.Wire;
import java.io.IOException;
import java.util.Optional;

/** VRRP of one family on one interface, and the routers that speak by it. Of the agent's thread. */
final class Listener {
    /** Packets that are taken in one turn; more wait for the next. */
    static final int RECEIVE_MAX = 512;

    private static final int NONE = 0;

    private final String interfaceName;
    private final boolean ipv4;
    private final RouterInstance[] routers = new RouterInstance[256];
    private Optional<VrrpSocket> socket = Optional.empty();
    private int linkIndex = NONE;
    private int ipv6Generation;
    private Optional<String> problem = Optional.empty();

    /** What is done with a packet; it is another's when this returns. */
    interface Receiver {
        void onPacket(Listener by, Packet packet);
    }

    Listener(String interfaceName, boolean ipv4) {
        this.interfaceName = interfaceName;
        this.ipv4 = ipv4;
    }

    String interfaceName() {
        return interfaceName;
    }

    void add(RouterInstance router) {
        routers[router.config().vrid()] = router;
    }

    void remove(RouterInstance router) {
        routers[router.config().vrid()] = null;
    }

    /**
     * Who has this VRID, or null.
     *
     * @param vrid 0 to 255, or -1 for a packet that has none
     */
    RouterInstance router(int vrid) {
        return vrid < 0 ? null : routers[vrid];
    }

    /** Open while the interface is there. */
    Optional<VrrpSocket> socket() {
        return socket;
    }

    /** Why it is not open although the interface is there. */
    Optional<String> problem() {
        return problem;
    }

    /**
     * Closes it when the interface has gone, is down or is another of the same name, and opens it when there is one. A membership of the
     * group can get lost while an interface is down, and does when it is without IPv6.
     *
     * @return whether it has just been opened
     */
    boolean adjust(Interfaces interfaces, Wire wire) {
        int index = interfaces
                .link(interfaceName)
                .filter(Link::up)
                .filter(link -> ipv4 || Interfaces.carriesIpv6(link))
                .map(Link::index)
                .orElse(NONE);
        int generation = ipv4 ? 0 : interfaces.ipv6Generation(index);
        if (index != linkIndex || generation != ipv6Generation) {
            close();
        }
        if (index == NONE || socket.isPresent()) {
            return false;
        }
        try {
            socket = Optional.of(wire.open(interfaceName, index, ipv4));
            linkIndex = index;
            ipv6Generation = generation;
            problem = Optional.empty();
            return true;
        } catch (IOException e) {
            problem = Optional.of(e.getMessage());
            return false;
        }
    }

    /** Takes what has come so far, within a bound. */
    void drain(Packet packet, Receiver receiver) {
        for (int i = 0; i < RECEIVE_MAX && socket.isPresent(); i++) {
            if (!socket.get().receive(packet)) {
                return;
            }
            receiver.onPacket(this, packet);
        }
    }

    void close() {
        socket.ifPresent(VrrpSocket::close);
        socket = Optional.empty();
        linkIndex = NONE;
        problem = Optional.empty();
    }
}
