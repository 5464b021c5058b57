package io.penstock.vrrp.it;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.it.Port.Family;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Two hosts and a client on a switch, each a network namespace: eth0 of a host is at the port of its name. */
final class Lan implements AutoCloseable {
    private static final String PERMANENT = "permanent";

    private final NetworkNamespace bridge = NetworkNamespace.create();
    private final Map<Port, NetworkNamespace> hosts = new EnumMap<>(Port.class);
    private final Map<Integer, Port> portsByIndex = new HashMap<>();
    private final Path directory;

    /** @param directory for logs */
    Lan(Path directory) throws Exception {
        this.directory = directory;
        bridge.ip("link add br0 type bridge mcast_snooping 0");
        bridge.ip("link set br0 up");
        for (Port port : Port.values()) {
            NetworkNamespace host = NetworkNamespace.create();
            hosts.put(port, host);
            join(port, host);
        }
    }

    private void join(Port port, NetworkNamespace host) throws Exception {
        // Addresses are there at once: nobody else may have them.
        set(host, "ipv6/conf/default/accept_dad", 0);
        String thread = host.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
        bridge.ip("link add " + port.device() + " type veth peer name eth0 netns " + thread);
        bridge.ip("link set " + port.device() + " master br0 up");
        portsByIndex.put(index(bridge, port.device()), port);
        host.ip("link set eth0 address " + port.mac() + " up");
        host.ip("addr add " + port.ipv4() + "/24 dev eth0");
        host.ip("-6 addr add " + port.ipv6() + "/64 dev eth0 nodad");
        NetworkNamespace.await(port + " has a link-local address", () -> host.ip("-6 addr show dev eth0")
                .contains(port.linkLocal()));
    }

    static void set(NetworkNamespace host, String path, int value) throws Exception {
        host.run("sh", "-c", "echo " + value + " > /proc/sys/net/" + path);
    }

    private static int index(NetworkNamespace host, String device) throws Exception {
        return host.ipJson("link show dev " + device)
                .get(0)
                .getAsJsonObject()
                .get("ifindex")
                .getAsInt();
    }

    NetworkNamespace host(Port port) {
        return hosts.get(port);
    }

    Capture capture() throws Exception {
        return Capture.start(bridge, directory, portsByIndex);
    }

    Asker ask(Family family) throws Exception {
        return Asker.start(host(Port.CLIENT), index(host(Port.CLIENT), "eth0"), family);
    }

    /** Parts the two hosts from each other; the client still hears and reaches both. */
    void part() throws Exception {
        isolate("on");
    }

    void join() throws Exception {
        isolate("off");
    }

    private void isolate(String state) throws Exception {
        for (Port port : new Port[] {Port.A, Port.B}) {
            bridge.run("bridge", "link", "set", "dev", port.device(), "isolated", state);
        }
    }

    /** A host hears no VRRP any more, and is heard. */
    void deafen(Port port) throws Exception {
        host(port)
                .run(
                        "nft",
                        "add table inet deaf; add chain inet deaf input { type filter hook input priority 0; };"
                                + " add rule inet deaf input meta l4proto 112 drop");
    }

    void undeafen(Port port) throws Exception {
        host(port).run("nft", "delete table inet deaf");
    }

    void unplug(Port port) throws Exception {
        bridge.ip("link set " + port.device() + " down");
    }

    void plug(Port port) throws Exception {
        bridge.ip("link set " + port.device() + " up");
        NetworkNamespace.await(
                port + " has a carrier",
                () -> host(port).ip("-br link show dev eth0").contains(" UP "));
    }

    /** Makes the client learn where a VIP is, so that announcements have an entry of its cache to change. */
    void meet(Family family) throws Exception {
        String vip = family.vip().substring(0, family.vip().indexOf('/'));
        NetworkNamespace.await("the client knows " + vip, () -> {
            host(Port.CLIENT).run("bash", "-c", "echo > /dev/udp/" + vip + "/9");
            return cached(family).isPresent();
        });
    }

    /** Empties the client's neighbour cache. */
    void forget() throws Exception {
        host(Port.CLIENT).ip("neigh flush dev eth0");
    }

    /** At which port the switch has the MAC address that the client's neighbour cache has for a VIP. */
    Optional<Port> cached(Family family) throws Exception {
        String vip = family.vip().substring(0, family.vip().indexOf('/'));
        for (JsonElement neighbour : host(Port.CLIENT).ipJson("neigh show dev eth0 to " + vip)) {
            JsonElement mac = neighbour.getAsJsonObject().get("lladdr");
            if (mac != null) {
                return portOf(mac.getAsString());
            }
        }
        return Optional.empty();
    }

    private Optional<Port> portOf(String mac) throws Exception {
        String entries = bridge.run("bridge", "-j", "fdb", "show", "br", "br0");
        for (JsonElement each : JsonParser.parseString(entries).getAsJsonArray()) {
            JsonObject entry = each.getAsJsonObject();
            boolean own = entry.has("state") && entry.get("state").getAsString().equals(PERMANENT);
            if (!own && entry.get("mac").getAsString().equals(mac)) {
                String device = entry.get("ifname").getAsString();
                return hosts.keySet().stream()
                        .filter(port -> port.device().equals(device))
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        hosts.values().forEach(NetworkNamespace::close);
        bridge.close();
    }
}
