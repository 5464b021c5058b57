package io.penstock.forwarder.xdp.backend;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.forwarder.xdp.backend.HostRecord.Placed;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * VIPs are on lo: this host takes packets to them for its own, and tells no neighbour of them. A vxlan device has those of IPv4 too,
 * because rp_filter drops everything that arrives by a device without an address (fib_validate_source).
 */
final class VipAddresses implements Step {
    private static final String WHY = "packets to it are not this host's";

    private final BackendPlan plan;
    private final NetlinkSocket socket;

    VipAddresses(BackendPlan plan, NetlinkSocket socket) {
        this.plan = plan;
        this.socket = socket;
    }

    @Override
    public String name() {
        return "addresses of VIPs";
    }

    /** Before the settings this host would answer ARP for a VIP, wherever it has it. */
    @Override
    public boolean reliesOn(Step other) {
        return other instanceof KernelSettings || other instanceof VxlanDevice;
    }

    @Override
    public List<Finding> check(Surroundings host, HostRecord record) throws IOException {
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
        device(host).ifPresent(device -> {
            for (IpAddress vip : ofDevice(record)) {
                boolean there = host.has(device.index(), vip);
                findings.add(Finding.of(
                        there,
                        "address " + vip + "/32 of " + device.name(),
                        there ? "there" : "absent",
                        "there",
                        "rp_filter drops what arrives by a device that has no address",
                        "ip address add " + vip + "/32 dev " + device.name()));
            }
        });
        return findings;
    }

    /** On a vxlan device of ours it is hidden from the network as on lo. */
    private static List<String> elsewhere(Surroundings host, int lo, ServedVip vip) {
        return host.elsewhere(lo, vip.address()).stream()
                .filter(name -> !VxlanDevice.isOne(name))
                .toList();
    }

    private Optional<Link> device(Surroundings host) {
        return plan.encapsulation() == Encapsulation.VXLAN ? host.link(VxlanDevice.name(plan)) : Optional.empty();
    }

    /** All that it brings, by other calls too: one that was made anew has lost theirs. */
    private List<IpAddress> ofDevice(HostRecord record) {
        return record.claims().stream()
                .filter(claim -> claim.arrival().equals(VxlanDevice.name(plan)))
                .map(Claim::vip)
                .filter(IpAddress::isIpv4)
                .distinct()
                .toList();
    }

    @Override
    public List<String> prepare(Surroundings host, HostRecord record) throws IOException {
        List<String> done = new ArrayList<>();
        Optional<Link> device = device(host);
        if (device.isPresent()) {
            for (IpAddress vip : ofDevice(record)) {
                put(host, record, device.get(), vip, done);
            }
        }
        for (ServedVip vip : plan.addresses()) {
            put(host, record, host.loopback(), vip.address(), done);
        }
        return done;
    }

    private void put(Surroundings host, HostRecord record, Link link, IpAddress vip, List<String> done)
            throws IOException {
        if (!host.has(link.index(), vip)) {
            record.placed(new Placed(link.name(), vip));
            socket.request(Addresses.put(address(link.index(), vip)));
            done.add("put " + prefix(vip) + " on " + link.name());
        }
    }

    /** Those that a call has put there, once no call needs them. */
    @Override
    public List<String> remove(Surroundings host, HostRecord record) throws IOException {
        String lo = host.loopback().name();
        List<String> done = new ArrayList<>();
        for (Placed placed : record.addresses()) {
            if (isOfPlan(placed.address()) && !record.needs(placed, lo)) {
                int index = host.required(placed.device()).index();
                socket.request(Addresses.remove(address(index, placed.address())));
                record.removed(placed);
                done.add("removed " + prefix(placed.address()) + " from " + placed.device());
            }
        }
        return done;
    }

    private boolean isOfPlan(IpAddress address) {
        return plan.addresses().stream().anyMatch(vip -> vip.address().equals(address));
    }

    private static String prefix(IpAddress vip) {
        return new ServedVip(vip, 0, false).prefix();
    }

    /** Nobody else is asked whether he has it: every backend has. */
    private static InterfaceAddress address(int linkIndex, IpAddress address) {
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
