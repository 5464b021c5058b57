package io.penstock.vrrp.address;

import io.penstock.netlink.Link;
import io.penstock.vrrp.address.KernelChange.SetLink;
import io.penstock.vrrp.address.Vip.Place;
import io.penstock.vrrp.address.Vip.State;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VipConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The VIPs of one router, and when they are announced. Decides only. NOT thread safe. */
final class RouterVips {
    private final int protocol;
    private final Announcements announcements;
    private Map<Place, Vip> vips = new LinkedHashMap<>();
    private Optional<VirtualMac> virtualMac = Optional.empty();

    /** Of the last look. */
    private Optional<Link> virtualLink = Optional.empty();

    private boolean held;
    private long announcementsLeft;
    private boolean isConfigured;

    /** @param protocol the agent's mark */
    RouterVips(RouterConfig config, int protocol) {
        this.protocol = protocol;
        announcements = new Announcements(config.announce());
    }

    /** Where the VIPs of a router belong. */
    static List<Place> places(RouterConfig config) {
        return config.vips().stream().map(vip -> place(vip, config)).toList();
    }

    /** What would be on the router's interface is at the virtual MAC address, where there is one. */
    static Place place(VipConfig vip, RouterConfig config) {
        boolean virtual = config.virtualMac().isPresent() && vip.interfaceName().equals(config.interfaceName());
        String name = virtual ? config.virtualMac().get().interfaceName() : vip.interfaceName();
        return new Place(name, vip.address(), vip.prefixBits());
    }

    /**
     * Takes this configuration: VIPs that are in both stay as they are.
     *
     * @param wanted by any router: what another one has from now on does not go
     */
    void configure(RouterConfig next, Set<Place> wanted, KernelView view, Turn turn) {
        announcements.configure(next.announce());
        virtualMac = VirtualMac.of(next);
        virtualLink = virtualMac.flatMap(mac -> view.link(mac.name()));
        Map<Place, Vip> former = vips;
        vips = new LinkedHashMap<>();
        List<Vip> fresh = new ArrayList<>();
        for (Place place : places(next)) {
            Vip vip = former.remove(place);
            if (vip == null) {
                vip = new Vip(next, place, protocol, announcements);
                fresh.add(vip);
            }
            vip.configure(next);
            vips.put(place, vip);
        }
        drop(former, wanted, turn);
        for (Vip vip : fresh) {
            if (held) {
                vip.adopt(view, turn);
                vip.hold(turn);
                announcements.begin(turn.nowNs());
            } else if (isConfigured) {
                // It has not to find out who is active: what another router had here is not to be.
                vip.refuseAdoption(view, turn);
            } else {
                vip.adopt(view, turn);
            }
        }
        isConfigured = true;
    }

    /** The router is not configured any more. */
    void drop(Set<Place> wanted, Turn turn) {
        drop(vips, wanted, turn);
    }

    private static void drop(Map<Place, Vip> dropped, Set<Place> wanted, Turn turn) {
        dropped.forEach((place, vip) -> {
            if (!wanted.contains(place)) {
                vip.release(turn);
            }
        });
    }

    /** See {@link VipKeeper#hasAll}; what is someone else's is not missing. */
    boolean hasAll() {
        return vips.values().stream().allMatch(vip -> vip.state() == State.LEFT || vip.isForeign())
                && vips.values().stream().anyMatch(vip -> vip.state() == State.LEFT);
    }

    void hold(Turn turn) {
        set(true, turn);
        vips.values().forEach(vip -> vip.hold(turn));
        if (!held) {
            announcements.begin(turn.nowNs());
        }
        held = true;
    }

    void release(Turn turn) {
        held = false;
        announcements.end();
        vips.values().forEach(vip -> vip.release(turn));
        set(false, turn);
    }

    /** A backup takes no frames to the virtual MAC address: the interface is down then. */
    private void set(boolean up, Turn turn) {
        virtualLink.ifPresent(link -> turn.change(new SetLink(link.index(), up), refusal -> {}));
    }

    void announce(long nowNs) {
        if (held) {
            announcements.begin(nowNs);
        }
    }

    void see(KernelView view, Turn turn) {
        virtualLink = virtualMac.flatMap(mac -> view.link(mac.name()));
        boolean used = held || vips.values().stream().anyMatch(vip -> vip.state() == State.LEFT);
        if (virtualLink.isPresent() && virtualLink.get().up() != used) {
            turn.change(new SetLink(virtualLink.get().index(), used), refusal -> refusal.filter(words -> held)
                    .ifPresent(words -> cannotBeUp(words, turn)));
        }
        for (Vip vip : vips.values()) {
            Optional<Link> before = vip.link();
            vip.see(view, turn);
            if (held && isOtherWay(before, vip.link())) {
                announcements.begin(turn.nowNs());
            }
        }
    }

    /** As when another interface there has the same hardware address: nobody would get an answer. */
    private void cannotBeUp(String words, Turn turn) {
        vips.values().forEach(vip -> vip.refuse(words, turn));
    }

    /** Whether switches may have learnt anew, or have to, where the way to a link leads. */
    private boolean isOtherWay(Optional<Link> before, Optional<Link> now) {
        if (before.isEmpty() || now.isEmpty()) {
            return now.isPresent();
        }
        if (virtualMac.isPresent() && !before.get().up()) {
            // It was set up here, and announced then.
            return false;
        }
        return (now.get().carrier() && !before.get().carrier())
                || !now.get().hardwareAddress().equals(before.get().hardwareAddress());
    }

    void expire(Turn turn) {
        vips.values().forEach(vip -> vip.expire(turn));
    }

    boolean isDue(long nowNs) {
        return vips.values().stream().anyMatch(vip -> vip.isDue(nowNs));
    }

    void refreshIfNearlyDue(Turn turn) {
        vips.values().forEach(vip -> vip.refreshIfNearlyDue(turn));
    }

    /** How often each of its VIPs is to be announced now; that is behind it then. */
    int takeAnnouncements(long nowNs) {
        return announcements.takeDue(nowNs);
    }

    /** So many announcements have left. */
    void count(int left) {
        announcementsLeft += left;
    }

    /** That have left so far. */
    long announcements() {
        return announcementsLeft;
    }

    /** What is to be announced: what this host answers for by order. */
    List<Vip> announced() {
        return vips.values().stream()
                .filter(vip -> vip.state() == State.HELD || vip.state() == State.SHARED)
                .toList();
    }

    long deadlineNs() {
        long deadlineNs = announcements.deadlineNs();
        for (Vip vip : vips.values()) {
            deadlineNs = Math.min(deadlineNs, vip.deadlineNs());
        }
        return deadlineNs;
    }

    void view(long nowNs, List<VipView> into) {
        vips.values().forEach(vip -> into.add(vip.view(nowNs)));
    }
}
