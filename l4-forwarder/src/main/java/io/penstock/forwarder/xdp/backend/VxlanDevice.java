package io.penstock.forwarder.xdp.backend;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.penstock.cli.Words;
import io.penstock.net.IpAddress;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's own vxlan device takes the tunnel off. All backends' devices have one MAC address, so that forwarders need to know none.
 */
final class VxlanDevice implements Step {
    static final String HARDWARE_ADDRESS = "02:70:65:6e:73:74";

    private static final String PREFIX = "pstk-vx";
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
        return name(plan.tunnel().vni());
    }

    static String name(int vni) {
        return PREFIX + vni;
    }

    /** Whether it is the name of one. */
    static boolean isOne(String name) {
        return name.startsWith(PREFIX);
    }

    @Override
    public String name() {
        return "interface " + name(plan);
    }

    @Override
    public List<Finding> check(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        Optional<Link> link = host.link(name(plan));
        List<String> wrong = new ArrayList<>();
        if (link.isEmpty()) {
            wrong.add("not there");
        } else {
            wrong.addAll(unset(link.get()));
            wrong.addAll(differences(host, link.get()));
        }
        return List.of(Finding.of(
                wrong.isEmpty(),
                "interface " + name(plan),
                wrong.isEmpty() ? "up" : String.join(", ", wrong),
                "up",
                WHY,
                (link.isEmpty() ? "" : "ip link delete " + name(plan) + " && ") + creation(host) + " && ip link set "
                        + name(plan) + " up"));
    }

    @Override
    public List<String> prepare(Surroundings host, HostRecord record) throws IOException, InterruptedException {
        List<String> done = new ArrayList<>();
        Optional<Link> link = host.link(name(plan));
        if (link.isEmpty()) {
            record.made(name(plan));
            make(host, done);
        } else if (!differences(host, link.get()).isEmpty()) {
            replace(host, link.get(), done);
        } else if (!unset(link.get()).isEmpty()) {
            tool.run("ip link set " + name(plan) + " address " + HARDWARE_ADDRESS + " up");
            done.add("set " + name(plan) + " up, with its MAC address");
        }
        return done;
    }

    private void make(Surroundings host, List<String> done) throws IOException, InterruptedException {
        tool.run(creation(host));
        tool.run("ip link set " + name(plan) + " up");
        done.add("made " + name(plan) + " of vni " + plan.tunnel().vni());
    }

    /** Those of its addresses that the kernel did not make itself were let in a moment ago, and are again. */
    private void replace(Surroundings host, Link link, List<String> done) throws IOException, InterruptedException {
        List<InterfaceAddress> had = host.addresses().stream()
                .filter(address -> address.linkIndex() == link.index()
                        && !address.address().isLinkLocal())
                .toList();
        // Without an address of this host for the tunnel it is better than none.
        creation(host);
        socket.request(Links.remove(link.index()));
        make(host, done);
        int index = Surroundings.read(socket).required(link.name()).index();
        for (InterfaceAddress address : had) {
            socket.request(Addresses.put(new InterfaceAddress(
                    index,
                    address.address(),
                    address.prefixBits(),
                    address.address().isIpv4() ? 0 : InterfaceAddress.IFA_F_NODAD,
                    address.scope(),
                    0,
                    InterfaceAddress.FOREVER)));
        }
    }

    /** One that a call has made, once no call needs it. Its addresses are gone by then. */
    @Override
    public List<String> remove(Surroundings host, HostRecord record) throws IOException {
        Optional<Link> link = host.link(name(plan));
        if (link.isEmpty() || !record.hasMade(name(plan)) || record.isUsed(name(plan))) {
            return List.of();
        }
        socket.request(Links.remove(link.get().index()));
        record.unmade(name(plan));
        return List.of("removed " + name(plan));
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

    /** What can be set while it is there. */
    private static List<String> unset(Link link) {
        List<String> wrong = new ArrayList<>();
        if (!link.up()) {
            wrong.add("down");
        }
        if (!link.hardwareAddress().equals(Optional.of(HARDWARE_ADDRESS))) {
            wrong.add("MAC address " + link.hardwareAddress().orElse("none"));
        }
        return wrong;
    }

    /** What it has from when it was made. */
    private List<String> differences(Surroundings host, Link link) throws IOException, InterruptedException {
        if (!link.kind().equals(Optional.of(KIND))) {
            throw new IOException(name(plan) + " is there and is no vxlan device");
        }
        List<String> wrong = new ArrayList<>();
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
