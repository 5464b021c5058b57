package io.penstock.vrrp.control;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.vrrp.config.RouterConfig;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why a router must not have its VIPs. One that was removed by hand ends when somebody says so. One that the kernel refused ends also
 * when anything has changed where it belongs: tried at every turn it would take the VIPs from another host again and again.
 *
 * @param fault empty for none
 * @param refusedAmid what was there when the kernel refused; empty when it did not
 */
record VipTrouble(Optional<String> fault, Optional<Surroundings> refusedAmid) {
    static final VipTrouble NONE = new VipTrouble(Optional.empty(), Optional.empty());

    /**
     * What may be why the kernel refused.
     *
     * @param links the interfaces of the router and of its VIPs, those that are there
     * @param foreign the addresses that others have put there, whatever their lifetime
     * @param virtual by index, the interfaces that have the router's virtual MAC address, and whether they are up: only one may be. Of the
     *     router's own, which goes up and down with it, only that it is there
     */
    record Surroundings(List<Link> links, List<InterfaceAddress> foreign, Map<Integer, Boolean> virtual) {
        static Surroundings of(RouterConfig router, Interfaces interfaces, int mark) {
            Set<String> names = new LinkedHashSet<>(List.of(router.interfaceName()));
            router.vips().forEach(vip -> names.add(vip.interfaceName()));
            List<Link> links = names.stream()
                    .flatMap(name -> interfaces.link(name).stream())
                    .toList();
            List<InterfaceAddress> foreign = links.stream()
                    .flatMap(link -> interfaces.addresses(link.index()).stream())
                    .filter(address -> address.protocol() != mark)
                    .map(Surroundings::withoutLifetime)
                    .toList();
            return new Surroundings(links, foreign, virtual(router, interfaces));
        }

        private static InterfaceAddress withoutLifetime(InterfaceAddress one) {
            return new InterfaceAddress(
                    one.linkIndex(), one.address(), one.prefixBits(), one.flags(), one.scope(), one.protocol(), 0);
        }

        private static Map<Integer, Boolean> virtual(RouterConfig router, Interfaces interfaces) {
            Optional<Link> own = router.virtualMac().flatMap(mac -> interfaces.link(mac.interfaceName()));
            Map<Integer, Boolean> virtual = new HashMap<>();
            own.flatMap(Link::hardwareAddress)
                    .ifPresent(
                            address -> interfaces.having(address).forEach(one -> virtual.put(one.index(), one.up())));
            own.ifPresent(link -> virtual.put(link.index(), false));
            return virtual;
        }
    }

    static VipTrouble removed(String text) {
        return new VipTrouble(Optional.of(text), Optional.empty());
    }

    static VipTrouble refused(String text, Surroundings amid) {
        return new VipTrouble(Optional.of(text), Optional.of(amid));
    }

    /** What is left of it amid these. */
    VipTrouble amid(Surroundings now) {
        return refusedAmid.isPresent() && !refusedAmid.get().equals(now) ? NONE : this;
    }
}
