package io.penstock.ecmp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.testing.NetworkNamespace;
import io.penstock.testing.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at the kernel, in a namespace of their own. */
@Timeout(120)
class KernelCommandsTest {
    @TempDir
    private Path directory;

    private NetworkNamespace namespace;
    private Path file;

    @BeforeEach
    void create() throws Exception {
        namespace = NetworkNamespace.create();
        namespace.ip("link add eth1 type veth peer name far1");
        namespace.ip("link set eth1 up");
        namespace.ip("link set far1 up");
        namespace.ip("address add 10.0.1.1/24 dev eth1");
        file = directory.resolve("e.yaml");
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private void write(String yaml) throws Exception {
        Files.writeString(file, "state-directory: " + directory + "\n" + yaml);
    }

    private Typed typed(String... arguments) throws Exception {
        return namespace.call(() -> EcmpAgent.typed(arguments));
    }

    @Test
    void shouldPlanFromNothingAndChangeNothing() throws Exception {
        write("""
                sysctls: { arp-announce: keep, rp-filter: keep, multipath-hash: keep }
                vips: { web: { address: 192.0.2.10, health: none } }
                routes: { far: { prefix: 198.51.100.0/24, legs: [{ id: f1, via: 10.0.1.11 }, { id: f2, via: 10.0.9.1 }] } }
                """);

        Typed planned = typed("plan", "-c", file.toString());

        assertEquals(0, planned.exitCode(), planned::err);
        assertEquals(
                List.of(
                        "sysctl net.ipv4.conf.all.arp_ignore=1 # is 0",
                        "ip address replace 192.0.2.10/32 dev lo valid_lft 3 preferred_lft 3 proto 210",
                        "ip nexthop replace id 210000 via 10.0.1.11 dev eth1 proto 210",
                        "ip nexthop replace id 210001 group 210000 type resilient buckets 256 idle_timer 120"
                                + " unbalanced_timer 0 proto 210",
                        "ip route replace 198.51.100.0/24 proto 210 nhid 210001"),
                planned.out().replaceAll(" +", " ").lines().limit(5).toList());
        assertTrue(planned.out().lines().anyMatch(line -> line.startsWith("# route far, leg f2: ")), planned::out);
        assertEquals(
                1, planned.out().lines().filter(line -> line.startsWith("# ")).count(), planned::out);
        assertEquals("", namespace.run("ip", "-o", "nexthop", "show"));
        assertEquals("", namespace.run("ip", "-o", "address", "show", "to", "192.0.2.10"));
    }

    @Test
    void shouldNotAddVipWhoseForwarderDoesNotAnswer() throws Exception {
        write("""
                sysctls: { arp-ignore: keep, arp-announce: keep, rp-filter: keep }
                vips: { web: { address: 192.0.2.10, health: { forwarder: "unix:%s", interval: 10ms, timeout: 100ms } } }
                """.formatted(directory.resolve("nobody.sock")));

        Typed asked = typed("plan", "-c", file.toString(), "--json");
        Typed assumed = typed("plan", "-c", file.toString(), "--json", "--assume-healthy");

        JsonObject plan = JsonParser.parseString(asked.out()).getAsJsonObject();
        assertEquals(0, plan.getAsJsonArray("changes").size(), asked::out);
        assertTrue(plan.getAsJsonArray("notes").get(0).getAsString().startsWith("vip web is not added: "), asked::out);
        JsonObject change = JsonParser.parseString(assumed.out())
                .getAsJsonObject()
                .getAsJsonArray("changes")
                .get(0)
                .getAsJsonObject();
        assertEquals("put-address", change.get("kind").getAsString());
    }

    @Test
    void shouldPlanNothingWhenAllIsThere() throws Exception {
        write("""
                sysctls: { arp-ignore: keep, arp-announce: keep, rp-filter: keep, multipath-hash: keep }
                routes: { far: { prefix: 198.51.100.0/24, group: multipath, legs: [10.0.1.11, 10.0.1.12] } }
                """);
        namespace.ip("route add 198.51.100.0/24 proto 210 nexthop via 10.0.1.11 nexthop via 10.0.1.12");

        assertEquals(
                "# nothing to change\n", typed("plan", "-c", file.toString()).out());
    }

    @Test
    void shouldShowLeasesOfOwnAddressesOnly() throws Exception {
        write("vips: { web: { address: 192.0.2.10, health: none } }\nprotocol: 212\n");
        NetlinkAddress.put(namespace, "192.0.2.10", 212, 30);
        NetlinkAddress.put(namespace, "192.0.2.11", 212, 40);
        NetlinkAddress.put(namespace, "192.0.2.12", 210, 50);

        JsonObject ours = JsonParser.parseString(
                        typed("leases", "-c", file.toString(), "--json").out())
                .getAsJsonObject();
        List<String> others = typed("leases").out().lines().toList();

        assertEquals(2, ours.getAsJsonArray("leases").size());
        JsonObject first = ours.getAsJsonArray("leases").get(0).getAsJsonObject();
        assertEquals("web", first.get("name").getAsString());
        assertEquals("lo", first.get("interface").getAsString());
        long left = first.get("secondsLeft").getAsLong();
        assertTrue(left > 0 && left <= 30, () -> "" + left);
        assertEquals(2, others.size(), others::toString);
        assertTrue(others.get(1).matches("- +192\\.0\\.2\\.12 +lo +[0-9]+"), others::toString);
    }

    @Test
    void shouldRemoveWhatAgentHasLeftAndNothingElse() throws Exception {
        write("""
                admin: { listen: "unix:%s" }
                vips: { web: { address: 192.0.2.10, health: none } }
                """.formatted(directory.resolve("nobody.sock")));
        NetlinkAddress.put(namespace, "192.0.2.10", 210, 30);
        NetlinkAddress.put(namespace, "192.0.2.12", 99, 30);
        namespace.ip("nexthop add id 7 via 10.0.1.11 dev eth1 proto 210");
        namespace.ip("nexthop add id 8 via 10.0.1.12 dev eth1");
        namespace.ip("route add 198.51.100.0/24 nhid 7 proto 210");
        namespace.ip("route add 203.0.113.0/24 nhid 8");

        Typed withdrawn = typed("withdraw", "-c", file.toString());

        assertEquals(0, withdrawn.exitCode(), withdrawn::err);
        assertEquals(
                List.of(
                        "# no agent was asked; removed 3",
                        "ip route del 198.51.100.0/24 proto 210",
                        "ip nexthop del id 7",
                        "ip address del 192.0.2.10/32 dev lo"),
                withdrawn.out().lines().toList());
        assertEquals(List.of("id 8 via 10.0.1.12 dev eth1 scope link"), shown("nexthop", "show"));
        assertEquals(1, shown("-o", "address", "show", "to", "192.0.2.0/24").size());
        assertTrue(shown("route", "show", "203.0.113.0/24").get(0).contains("nhid 8"));
        assertEquals(
                "# no agent was asked; removed 0\n",
                typed("withdraw", "-c", file.toString(), "--direct").out());
    }

    private List<String> shown(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return namespace.run(command).lines().map(String::strip).toList();
    }

    @Test
    void shouldWantFileToRemoveDirectly() throws Exception {
        assertEquals(2, typed("withdraw", "--direct").exitCode());
        write("vips: { web: { address: 192.0.2.10, health: none } }");
        assertEquals(
                2, typed("withdraw", "--direct", "-c", file.toString(), "web").exitCode());
    }
}
