package io.penstock.vrrp.control;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.protocol.Conditions;
import io.penstock.vrrp.track.Verdict;
import java.util.List;
import java.util.Optional;

/** What a virtual router depends on, from all that is known: its interface first, without which nothing else counts. Pure. */
final class Circumstances {
    private Circumstances() {}

    /**
     * Puts them together.
     *
     * @param mark of the agent's own addresses
     * @param otherFault of its socket or its VIPs
     */
    static Conditions of(
            RouterConfig router, Interfaces interfaces, int mark, Verdict verdict, Optional<String> otherFault) {
        String name = router.interfaceName();
        Optional<Link> link = interfaces.link(name);
        if (link.isEmpty()) {
            return fault(verdict, "there is no interface " + name);
        }
        if (!link.get().up()) {
            return fault(verdict, name + " is down");
        }
        if (!link.get().carrier()) {
            return fault(verdict, name + " has no carrier");
        }
        SourceAddress source = SourceAddress.choose(router, addresses(router, interfaces, link.get()), mark);
        if (source.address().isEmpty()) {
            return fault(verdict, source.problem());
        }
        Optional<String> fault =
                missing(router, interfaces).or(() -> otherFault).or(verdict::fault);
        return new Conditions(verdict.priority(), fault, source.address());
    }

    /** It would take its VIPs from another host to find that it cannot have them. */
    private static Optional<String> missing(RouterConfig router, Interfaces interfaces) {
        return router.vips().stream()
                .map(VipConfig::interfaceName)
                .filter(name -> interfaces.link(name).isEmpty())
                .findFirst()
                .map(name -> "there is no interface " + name);
    }

    /** Peers may be told from any address that this host has. */
    private static List<InterfaceAddress> addresses(RouterConfig router, Interfaces interfaces, Link link) {
        boolean anywhere = router.unicast().isPresent() && router.source().isPresent();
        return anywhere ? interfaces.addresses() : interfaces.addresses(link.index());
    }

    private static Conditions fault(Verdict verdict, String why) {
        return new Conditions(verdict.priority(), Optional.of(why), Optional.empty());
    }
}
