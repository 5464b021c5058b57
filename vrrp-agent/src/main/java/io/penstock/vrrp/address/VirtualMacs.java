package io.penstock.vrrp.address;

import io.penstock.netlink.Link;
import io.penstock.netlink.Macvlan;
import io.penstock.vrrp.address.KernelChange.AddLink;
import io.penstock.vrrp.address.KernelChange.RemoveLink;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VipConfig;
import io.penstock.vrrp.config.VrrpConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which interfaces with virtual MAC addresses there are to be, and what they, and those that they are on, need of the kernel's settings.
 * One that a former run left is used; one of that name that is something else is neither used nor removed. Decides only. NOT thread safe.
 */
final class VirtualMacs {
    private static final int IPV4_BITS = 32;

    private Map<String, VirtualMac> wanted = new LinkedHashMap<>();

    /** No longer wanted, and not removed yet. */
    private final Map<String, VirtualMac> unwanted = new HashMap<>();

    /** Interfaces where removing a VIP must not remove others' addresses of its network. */
    private final Set<String> shared = new HashSet<>();

    /** The same of VIPs that are about to be removed. */
    private final Set<String> leaving = new HashSet<>();

    /** By index, for one that is made anew has settings anew. */
    private final Set<Integer> prepared = new HashSet<>();

    void configure(VrrpConfig config) {
        Map<String, VirtualMac> former = wanted;
        wanted = new LinkedHashMap<>();
        leaving.addAll(shared);
        shared.clear();
        for (RouterConfig router : config.routers().values()) {
            VirtualMac.of(router).ifPresent(mac -> wanted.put(mac.name(), mac));
            for (VipConfig vip : router.vips()) {
                if (vip.address().isIpv4() && vip.prefixBits() < IPV4_BITS) {
                    shared.add(RouterVips.place(vip, router).interfaceName());
                }
            }
        }
        unwanted.putAll(former);
        unwanted.keySet().removeAll(wanted.keySet());
    }

    /** A VIP that this run does not know is about to be removed from there. */
    void leaves(String interfaceName) {
        leaving.add(interfaceName);
    }

    /** What was to be removed has been. */
    void left() {
        leaving.clear();
    }

    /** None are wanted any more. */
    void end() {
        unwanted.putAll(wanted);
        wanted = Map.of();
    }

    /** What is missing, and what has to go: one that is not wanted any more, or that is on another interface now. */
    List<KernelChange> changes(KernelView view) {
        List<KernelChange> changes = new ArrayList<>();
        unwanted.values().forEach(mac -> ours(mac, view).ifPresent(old -> changes.add(new RemoveLink(old.index()))));
        unwanted.clear();
        for (VirtualMac mac : wanted.values()) {
            Optional<Link> lower = view.link(mac.lowerName());
            Optional<Macvlan> there = ours(mac, view);
            if (lower.isEmpty() || isOn(lower.get(), there) || (there.isEmpty() && isTaken(mac, view))) {
                continue;
            }
            there.ifPresent(old -> changes.add(new RemoveLink(old.index())));
            int on = lower.get().index();
            changes.add(new AddLink(new Macvlan(0, mac.name(), on, mac.hardwareAddress(), Macvlan.MODE_BRIDGE)));
        }
        return changes;
    }

    private static Optional<Macvlan> ours(VirtualMac mac, KernelView view) {
        return view.macvlan(mac.name()).filter(one -> one.hardwareAddress().equals(mac.hardwareAddress()));
    }

    private static boolean isOn(Link lower, Optional<Macvlan> there) {
        return there.isPresent() && there.get().lowerIndex() == lower.index();
    }

    private static boolean isTaken(VirtualMac mac, KernelView view) {
        return view.link(mac.name()).isPresent();
    }

    /** The names that are something else's. */
    List<String> taken(KernelView view) {
        return wanted.values().stream()
                .filter(mac -> isTaken(mac, view) && ours(mac, view).isEmpty())
                .map(VirtualMac::name)
                .toList();
    }

    /** Those whose settings were not made yet; that is behind them then. */
    List<String> takeUnprepared(KernelView view) {
        List<String> fresh = new ArrayList<>();
        for (VirtualMac mac : wanted.values()) {
            ours(mac, view).filter(one -> prepared.add(one.index())).ifPresent(one -> fresh.add(one.name()));
        }
        return fresh;
    }

    /** Interfaces that must not answer for what is at a virtual MAC address, nor ask in its name. */
    Set<String> lowers(KernelView view) {
        Set<String> names = new HashSet<>();
        for (VirtualMac mac : wanted.values()) {
            if (mac.isIpv4() && view.link(mac.lowerName()).isPresent()) {
                names.add(mac.lowerName());
            }
        }
        return names;
    }

    /** Interfaces where removing a VIP must not remove others' addresses of its network. */
    Set<String> shared(KernelView view) {
        Set<String> names = new HashSet<>(shared);
        names.addAll(leaving);
        names.removeIf(name -> view.link(name).isEmpty() || wanted.containsKey(name));
        return names;
    }
}
