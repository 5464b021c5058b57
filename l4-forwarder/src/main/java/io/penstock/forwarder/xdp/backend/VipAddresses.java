package io.penstock.forwarder.xdp.backend;

import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** VIPs are on lo: this host takes packets to them for its own, and tells no neighbour of them. */
final class VipAddresses implements Step {
    private static final String WHY = "packets to it are not this host's";

    private final BackendPlan plan;
    private final NetlinkSocket socket;

    VipAddresses(BackendPlan plan, NetlinkSocket socket) {
        this.plan = plan;
        this.socket = socket;
    }

    @Override
    public List<Finding> check(Surroundings host) throws IOException {
        int lo = host.loopback().index();
        List<Finding> findings = new ArrayList<>();
        for (ServedVip vip : plan.addresses()) {
            boolean there = host.has(lo, vip.address());
            findings.add(Finding.of(
                    there,
                    "address " + vip.prefix(),
                    there ? "on lo" : "not on lo",
                    "on lo",
                    WHY,
                    "ip address add " + vip.prefix() + " dev lo"));
            elsewhere(host, lo, vip)
                    .forEach(where -> findings.add(Finding.of(
                            false,
                            "address " + vip.prefix() + " on " + where,
                            "there",
                            "on lo only",
                            "this host answers for it on the network, and takes it from the forwarders",
                            "ip address delete " + vip.prefix() + " dev " + where)));
        }
        return findings;
    }

    /** On its own vxlan device it is hidden from the network as on lo. */
    private List<String> elsewhere(Surroundings host, int lo, ServedVip vip) {
        return host.elsewhere(lo, vip.address()).stream()
                .filter(name -> !name.equals(VxlanDevice.name(plan)))
                .toList();
    }

    @Override
    public List<String> prepare(Surroundings host) throws IOException {
        int lo = host.loopback().index();
        List<String> done = new ArrayList<>();
        for (ServedVip vip : plan.addresses()) {
            if (!host.has(lo, vip.address())) {
                socket.request(Addresses.put(address(lo, vip.address())));
                done.add("put " + vip.prefix() + " on lo");
            }
        }
        return done;
    }

    @Override
    public List<String> remove(Surroundings host, boolean last) throws IOException {
        int lo = host.loopback().index();
        List<String> done = new ArrayList<>();
        for (ServedVip vip : plan.addresses()) {
            if (host.has(lo, vip.address())) {
                socket.request(Addresses.remove(address(lo, vip.address())));
                done.add("removed " + vip.prefix() + " from lo");
            }
        }
        return done;
    }

    /** Nobody else is asked whether he has it: every backend has. */
    static InterfaceAddress address(int linkIndex, IpAddress address) {
        return new InterfaceAddress(
                linkIndex,
                address,
                address.isIpv4() ? 32 : 128,
                address.isIpv4() ? 0 : InterfaceAddress.IFA_F_NODAD,
                0,
                0,
                InterfaceAddress.FOREVER);
    }
}
