package io.penstock.forwarder.xdp.backend;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.penstock.cli.Words;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's own vxlan device takes the tunnel off. All backends' devices have one MAC address, so that forwarders need to know none;
 * it has an IPv4 VIP of its own because rp_filter drops everything that arrives by a device without an address (fib_validate_source).
 */
final class VxlanDevice implements Step {
    static final String HARDWARE_ADDRESS = "02:70:65:6e:73:74";

    private static final int PORT = 4789;
    private static final String KIND = "vxlan";
    private static final String WHY = "nobody takes the tunnel off, and packets end at this host";

    private final BackendPlan plan;
    private final NetlinkSocket socket;
    private final HostTool tool;

    VxlanDevice(BackendPlan plan, NetlinkSocket socket, HostTool tool) {
        this.plan = plan;
        this.socket = socket;
        this.tool = tool;
    }

    /** At most 15 characters. */
    static String name(BackendPlan plan) {
        return "pstk-vx" + plan.tunnel().vni();
    }

    @Override
    public List<Finding> check(Surroundings host) throws IOException, InterruptedException {
        Optional<Link> link = host.link(name(plan));
        List<String> wrong = link.isEmpty() ? List.of("not there") : differences(host, link.get());
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.of(
                wrong.isEmpty(),
                "interface " + name(plan),
                wrong.isEmpty() ? "up" : String.join(", ", wrong),
                "up",
                WHY,
                (link.isEmpty() ? "" : "ip link delete " + name(plan) + " && ") + creation(host) + " && ip link set "
                        + name(plan) + " up"));
        if (link.isPresent()) {
            for (ServedVip vip : ipv4(plan)) {
                boolean there = host.has(link.get().index(), vip.address());
                findings.add(Finding.of(
                        there,
                        "address " + vip.prefix() + " of " + name(plan),
                        there ? "there" : "absent",
                        "there",
                        "rp_filter drops what arrives by a device that has no address",
                        "ip address add " + vip.prefix() + " dev " + name(plan)));
            }
        }
        return findings;
    }

    private static List<ServedVip> ipv4(BackendPlan plan) {
        return plan.addresses().stream().filter(vip -> vip.address().isIpv4()).toList();
    }

    @Override
    public List<String> prepare(Surroundings host) throws IOException, InterruptedException {
        List<String> done = new ArrayList<>();
        Optional<Link> link = host.link(name(plan));
        if (link.isEmpty() || !differences(host, link.get()).isEmpty()) {
            if (link.isPresent()) {
                socket.request(Links.remove(link.get().index()));
            }
            tool.run(creation(host));
            tool.run("ip link set " + name(plan) + " up");
            done.add("made " + name(plan) + " of vni " + plan.tunnel().vni());
        }
        Surroundings now = Surroundings.read(socket);
        int index = now.required(name(plan)).index();
        for (ServedVip vip : ipv4(plan)) {
            if (!now.has(index, vip.address())) {
                socket.request(Addresses.put(VipAddresses.address(index, vip.address())));
                done.add("put " + vip.prefix() + " on " + name(plan));
            }
        }
        return done;
    }

    @Override
    public List<String> remove(Surroundings host, boolean last) throws IOException {
        Optional<Link> link = host.link(name(plan));
        if (link.isEmpty()) {
            return List.of();
        }
        if (last) {
            socket.request(Links.remove(link.get().index()));
            return List.of("removed " + name(plan));
        }
        List<String> done = new ArrayList<>();
        for (ServedVip vip : ipv4(plan)) {
            if (host.has(link.get().index(), vip.address())) {
                socket.request(Addresses.remove(VipAddresses.address(link.get().index(), vip.address())));
                done.add("removed " + vip.prefix() + " from " + name(plan));
            }
        }
        return done;
    }

    /** Forwarders send no checksum of UDP, which IPv6 refuses unless it is told not to (RFC 6935). */
    private String creation(Surroundings host) throws IOException {
        return "ip link add " + name(plan) + " address " + HARDWARE_ADDRESS + " type vxlan id "
                + plan.tunnel().vni() + " dstport " + PORT + " local " + local(host) + " dev "
                + plan.interfaceName() + " nolearning" + (local(host).isIpv4() ? "" : " udp6zerocsumrx");
    }

    private IpAddress local(Surroundings host) throws IOException {
        boolean ipv4 = !TunnelFamily.isIpv6(plan, host);
        return host.own(
                        host.required(plan.interfaceName()).index(),
                        ipv4,
                        plan.tunnel().forwarders().stream().findFirst())
                .orElseThrow(() -> new IOException(
                        plan.interfaceName() + " has no " + (ipv4 ? "IPv4" : "IPv6") + " address for the tunnel"));
    }

    private List<String> differences(Surroundings host, Link link) throws IOException, InterruptedException {
        if (!link.kind().equals(Optional.of(KIND))) {
            throw new IOException(name(plan) + " is there and is no vxlan device");
        }
        List<String> wrong = new ArrayList<>();
        if (!link.up()) {
            wrong.add("down");
        }
        if (!link.hardwareAddress().equals(Optional.of(HARDWARE_ADDRESS))) {
            wrong.add("MAC address " + link.hardwareAddress().orElse("none"));
        }
        JsonObject data = data();
        IpAddress local = local(host);
        different(wrong, "vni", Words.number(data, "id"), plan.tunnel().vni());
        different(wrong, "port", Words.number(data, "port"), PORT);
        different(wrong, "local", Words.text(data, local.isIpv4() ? "local" : "local6"), local);
        if (!local.isIpv4() && !Words.flag(data, "udp_zero_csum6_rx", false)) {
            wrong.add("refuses UDP without a checksum");
        }
        return wrong;
    }

    private static void different(List<String> wrong, String what, Object has, Object needs) {
        if (!has.toString().equals(needs.toString())) {
            wrong.add(what + " " + has);
        }
    }

    /** What ip(8) says of the kind; empty when it says nothing. */
    private JsonObject data() throws IOException, InterruptedException {
        String said = tool.run("ip -d -j link show dev " + name(plan));
        try {
            JsonElement first = JsonParser.parseString(said).getAsJsonArray().get(0);
            return Words.object(Words.object(first.getAsJsonObject(), "linkinfo"), "info_data");
        } catch (JsonSyntaxException | IllegalStateException | IndexOutOfBoundsException e) {
            throw new IOException("ip -d -j link show: not understood: " + said, e);
        }
    }
}
