package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.ecmp.it.RoutedNetwork.Connection;
import io.penstock.ecmp.kernel.NetlinkKernel;
import io.penstock.ecmp.router.RouterRole;
import io.penstock.ecmp.router.RouterStep;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The router role between a client and three hosts, with the real kernel: where connections go, and which of them break. */
@Timeout(120)
class RouterIT {
    /** Few enough that half of the 256 buckets are free, many enough that every host has some. */
    private static final int CONNECTIONS = 60;

    private static final int STEPS_MAX = 3;

    /** What IPv4 and IPv6 make of the router's ICMP. */
    private static final Set<String> UNREACHABLE = Set.of("No route to host", "Network is unreachable");

    @TempDir
    private Path directory;

    private final Map<String, Boolean> legUp = new HashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private RoutedNetwork network;
    private NetlinkKernel kernel;
    private RouterRole role;

    @BeforeEach
    void connect() throws Exception {
        network = new RoutedNetwork();
    }

    @AfterEach
    void close() throws Exception {
        for (Connection connection : connections) {
            connection.close();
        }
        if (kernel != null) {
            kernel.close();
        }
        if (network != null) {
            network.close();
        }
    }

    private void start(String yaml) throws Exception {
        EcmpConfig config = EcmpConfigReader.read(Files.writeString(directory.resolve("ecmp-agent.yaml"), yaml));
        role = new RouterRole(config, 0);
        if (kernel == null) {
            kernel = network.router().call(() -> NetlinkKernel.open(new LinuxSyscalls(), () -> role.tables()));
        }
    }

    private static String route(String name, String prefix, String keys) {
        String network = prefix.indexOf(':') < 0 ? "10.0.%d.2" : "2001:db8:%d::2";
        StringBuilder legs = new StringBuilder();
        for (int i = 1; i <= RoutedNetwork.HOSTS; i++) {
            legs.append("{ id: f%d, via: \"%s\" }, ".formatted(i, network.formatted(i)));
        }
        return "  %s: { prefix: \"%s\", health: { port: 8000 }, %s legs: [%s] }\n".formatted(name, prefix, keys, legs);
    }

    private static String bothFamilies(String keys) {
        return "routes:\n" + route("four", RoutedNetwork.VIP, keys) + route("six", RoutedNetwork.VIP6, keys);
    }

    private void set(int host, boolean up) {
        legUp.put(RouterRole.legKey("four", "f" + host), up);
        legUp.put(RouterRole.legKey("six", "f" + host), up);
    }

    private void allUp(boolean up) {
        for (int i = 1; i <= RoutedNetwork.HOSTS; i++) {
            set(i, up);
        }
    }

    /** How many changes it took until nothing was left to do. */
    private int settle() throws Exception {
        int changes = 0;
        for (int i = 0; i < STEPS_MAX; i++) {
            RouterStep step = role.step(kernel.observe(), legUp, 0);
            if (step.changes().isEmpty()) {
                return changes;
            }
            changes += step.changes().size();
            List<Optional<String>> results = kernel.apply(step.changes());
            role.applied(step, results, 0);
            results.forEach(result -> assertEquals(Optional.empty(), result));
        }
        return fail("still something to do: " + role.views());
    }

    private List<Connection> open(String vip) throws Exception {
        List<Connection> opened = network.connect(vip, CONNECTIONS);
        connections.addAll(opened);
        return opened;
    }

    private static Set<Integer> hosts(List<Connection> connections) {
        Set<Integer> hosts = new TreeSet<>();
        connections.forEach(connection -> hosts.add(connection.host()));
        return hosts;
    }

    /** All that lead to one of these hosts are still answered by it. */
    private static void assertAlive(List<Connection> established, Set<Integer> hosts) throws IOException {
        for (Connection connection : established) {
            if (hosts.contains(connection.host())) {
                assertEquals(connection.host(), connection.ask());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RoutedNetwork.VIP, RoutedNetwork.VIP6})
    void shouldBreakNoConnectionOfAHostThatStays(String vip) throws Exception {
        start(bothFamilies(""));
        allUp(true);
        settle();
        List<Connection> established = open(vip);
        assertEquals(Set.of(1, 2, 3), hosts(established));

        set(2, false);
        settle();
        assertEquals(Set.of(1, 3), hosts(open(vip)));
        assertAlive(established, Set.of(1, 3));

        set(2, true);
        settle();
        assertAlive(established, Set.of(1, 3));
        NetworkNamespace.await("host 2 is used again", () -> hosts(open(vip)).contains(2));

        network.pull(3);
        settle();
        assertEquals(Set.of(1, 2), hosts(open(vip)));
        assertAlive(established, Set.of(1));

        network.plug(3);
        settle();
        assertAlive(established, Set.of(1));
        NetworkNamespace.await("host 3 is used again", () -> hosts(open(vip)).contains(3));
        assertAlive(established, Set.of(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {RoutedNetwork.VIP, RoutedNetwork.VIP6})
    void shouldLeadNewConnectionsElsewhereByALegacyRouteToo(String vip) throws Exception {
        start(bothFamilies("group: multipath,"));
        allUp(true);
        settle();
        assertEquals(Set.of(1, 2, 3), hosts(open(vip)));
        set(1, false);
        settle();
        assertEquals(Set.of(2, 3), hosts(open(vip)));
        network.pull(2);
        settle();
        assertEquals(Set.of(3), hosts(open(vip)));
        network.plug(2);
        set(1, true);
        settle();
        assertEquals(Set.of(1, 2, 3), hosts(open(vip)));
        assertEquals(0, network.router().ipJson("nexthop show").size());
    }

    @Test
    void shouldTakeOverWhatAFormerRunLeftWithoutAChange() throws Exception {
        start(bothFamilies(""));
        allUp(true);
        set(2, false);
        settle();
        List<Connection> established = open(RoutedNetwork.VIP);
        String left = everything();
        start(bothFamilies(""));
        legUp.clear();
        assertEquals(0, settle());
        allUp(true);
        set(2, false);
        assertEquals(0, settle());
        assertEquals(left, everything());
        assertAlive(established, Set.of(1, 3));
    }

    @Test
    void shouldSayThatTheVipIsUnreachableWhenNobodyCanServe() throws Exception {
        network.router().ip("route add default via 10.0.9.2");
        start(bothFamilies(""));
        allUp(false);
        settle();
        for (String vip : List.of(RoutedNetwork.VIP, RoutedNetwork.VIP6)) {
            assertEquals("unreachable", ours(vip).get("type").getAsString());
            IOException refusal = assertThrows(IOException.class, () -> network.connect(vip, 1));
            assertTrue(UNREACHABLE.contains(refusal.getMessage()), refusal::toString);
        }
        allUp(true);
        settle();
        assertEquals(Set.of(1, 2, 3), hosts(open(RoutedNetwork.VIP)));
        assertEquals(Set.of(1, 2, 3), hosts(open(RoutedNetwork.VIP6)));
    }

    @Test
    void shouldLeaveSomeoneElsesRouteAndAddItsOwnWhenThatIsGone() throws Exception {
        String theirs = "route add " + RoutedNetwork.VIP + " via 10.0.3.2 proto static";
        network.router().ip(theirs);
        start("routes:\n" + route("four", RoutedNetwork.VIP, ""));
        allUp(true);
        assertEquals(0, settle());
        assertTrue(role.views().get(0).reason().contains("protocol 4"), role.views()::toString);
        assertEquals(Set.of(3), hosts(open(RoutedNetwork.VIP)));
        network.router().ip("route del " + RoutedNetwork.VIP + " proto static");
        settle();
        assertEquals(Set.of(1, 2, 3), hosts(open(RoutedNetwork.VIP)));
    }

    /** All but ours is as before, and nothing of ours is there. */
    @Test
    void shouldLeaveNothingBehind() throws Exception {
        network.router().ip("nexthop add id 210001 via 10.0.1.2 dev v1 proto static");
        network.router().ip("route add 198.51.100.0/24 nhid 210001 proto static");
        String before = everything();
        start("routes:\n" + route("four", RoutedNetwork.VIP, "") + route("six", RoutedNetwork.VIP6, "")
                + route("old", "192.0.2.20", "group: multipath,")
                + route("other", "192.0.2.30", "table: 100, when-empty: keep,"));
        allUp(true);
        settle();
        assertFalse(before.equals(everything()));
        kernel.apply(RouterRole.withdrawAll(kernel.observe(), EcmpConfig.DEFAULT_PROTOCOL))
                .forEach(result -> assertEquals(Optional.empty(), result));
        assertEquals(before, everything());
    }

    private JsonObject ours(String vip) throws Exception {
        String family = vip.indexOf(':') < 0 ? "" : "-6 ";
        return network.router().ipJson(family + "route show " + vip).get(0).getAsJsonObject();
    }

    /** Routes of both families and all tables, nexthop objects, addresses. */
    private String everything() throws Exception {
        StringBuilder all = new StringBuilder();
        for (String what : List.of("route show table all", "-6 route show table all", "nexthop show", "addr show")) {
            JsonArray shown = network.router().ipJson(what);
            List<String> lines = new ArrayList<>();
            for (JsonElement element : shown) {
                lines.add(element.toString());
            }
            lines.stream().sorted().forEach(line -> all.append(line).append('\n'));
        }
        return all.toString();
    }
}
