package io.penstock.bgp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.penstock.bgp.client.Plan.Step;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfigReader;
import io.penstock.bgp.control.Forecast;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.PathAttributes.Origin;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is planned from a file, from health, and from a daemon's table and neighbours. */
class PlanTest {
    private static final LargeCommunity OWNER = new LargeCommunity(65001, 9, 1);

    @TempDir
    private Path directory;

    /** By neighbour. */
    private final Map<String, List<String>> differences = new HashMap<>();

    private BgpConfig config;
    private Path orders;

    @BeforeEach
    void read() throws IOException {
        Path file = directory.resolve("agent.yaml");
        orders = directory.resolve("bgp-anycast-agent.orders");
        Files.writeString(file, """
                state-directory: %s
                allow: [192.0.2.0/24]
                peers:
                  north: { address: 192.0.2.254, asn: 65000 }
                  south: { address: 192.0.2.253, asn: 65000 }
                vips:
                  web: { prefix: 192.0.2.10/32, health: none, attributes: { up: { med: 50 } } }
                  dns: { prefix: 192.0.2.53/32, health: none }
                  mail: { prefix: 192.0.2.25/32, health: none }
                """.formatted(directory));
        config = BgpConfigReader.read(file);
    }

    private Plan plan(Map<String, Condition> health, List<RibPath> table, PeerView... peers)
            throws IOException, InterruptedException {
        NeighbourPlan neighbours = NeighbourPlan.of(
                config.peers().orElseThrow().values(),
                List.of(peers),
                OWNER,
                peer -> differences.getOrDefault(peer.name(), List.of()));
        return Plan.of(Forecast.of(config, 65001, health, 0), table, Optional.of(neighbours));
    }

    private static Condition condition(Level level, boolean present, String reason) {
        return new Condition(level, present, 0, reason);
    }

    private static RibPath path(String prefix, boolean local, OptionalLong med, LargeCommunity... marks) {
        PathAttributes attributes = new PathAttributes(
                Origin.IGP,
                Optional.empty(),
                List.of(),
                med,
                OptionalLong.empty(),
                new TreeSet<>(),
                new TreeSet<>(),
                new TreeSet<>(Set.of(marks)));
        return new RibPath(IpPrefix.parse(prefix).orElseThrow(), attributes, local, true);
    }

    private static PeerView peer(String address, String description) {
        return new PeerView(address, description, 65000, PeerView.State.ACTIVE, Duration.ZERO, "");
    }

    private static final PeerView NORTH = peer("192.0.2.254", PeerView.description(OWNER, "north"));
    private static final PeerView SOUTH = peer("192.0.2.253", PeerView.description(OWNER, "south"));

    private static List<String> lines(Plan plan) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        plan.print(writer);
        writer.flush();
        return out.toString().lines().toList();
    }

    @Test
    void shouldAnnounceWhatIsServedAndWithdrawWhatIsNot() throws Exception {
        Plan plan = plan(
                Map.of(
                        "web", condition(Level.UP, true, "not checked"),
                        "dns", condition(Level.UP, false, "192.0.2.53 is not on this host"),
                        "mail", condition(Level.UNKNOWN, true, "nothing heard yet")),
                List.of(
                        path("192.0.2.10/32", true, OptionalLong.empty(), OWNER),
                        path("192.0.2.53/32", true, OptionalLong.empty(), OWNER),
                        path("192.0.2.25/32", true, OptionalLong.of(7), OWNER),
                        path("192.0.2.99/32", true, OptionalLong.empty(), OWNER),
                        path("192.0.2.98/32", true, OptionalLong.empty(), new LargeCommunity(65001, 9, 2)),
                        path("192.0.2.97/32", false, OptionalLong.empty(), OWNER)),
                NORTH,
                SOUTH);

        assertEquals(
                List.of(
                        "withdraw 192.0.2.53/32   # unwanted",
                        "withdraw 192.0.2.99/32   # unwanted",
                        "announce 192.0.2.10/32 next-hop self, med 50, large-communities 65001:9:1   # changed",
                        "# vip dns is not announced: its address is not on this host",
                        "# vip mail stays as it is: nothing heard yet",
                        "# 1 path of others stays"),
                lines(plan));
    }

    @Test
    void shouldChangeNothingWhereAllIsAsItShouldBe() throws Exception {
        Plan plan = plan(
                HealthOnce.assumed(config, 0),
                List.of(
                        path("192.0.2.10/32", true, OptionalLong.of(50), OWNER),
                        path("192.0.2.53/32", true, OptionalLong.empty(), OWNER),
                        path("192.0.2.25/32", true, OptionalLong.empty(), OWNER)),
                NORTH,
                SOUTH);

        assertEquals(List.of("# nothing to change"), lines(plan));
    }

    @Test
    void shouldLeaveToOthersWhatIsTheirs() throws Exception {
        Plan plan = plan(
                HealthOnce.assumed(config, 0),
                List.of(
                        path("192.0.2.10/32", true, OptionalLong.of(50), OWNER),
                        path("192.0.2.53/32", true, OptionalLong.empty()),
                        path("192.0.2.25/32", true, OptionalLong.empty(), OWNER)),
                NORTH,
                peer("192.0.2.253", "by hand"),
                peer("2001:db8::1", PeerView.description(OWNER, "east")),
                peer("2001:db8::2", PeerView.description(new LargeCommunity(65001, 9, 2), "another agent's")),
                peer("2001:db8::3", "penstock:left by an earlier build"));

        assertEquals(
                List.of(
                        "delete-neighbour 2001:db8::1   # not in the file",
                        "# neighbour 192.0.2.253 is somebody else's, and stays as it is",
                        "# neighbour 2001:db8::2 is somebody else's, and stays as it is",
                        "# neighbour 2001:db8::3 is somebody else's, and stays as it is",
                        "# somebody else's path is at 192.0.2.53/32: it stays, and none is added"),
                lines(plan));
    }

    @Test
    void shouldChangeNeighboursThatAreNotAsTheFileSays() throws Exception {
        differences.put("north", List.of("hold-time", "families"));
        differences.put("south", List.of("password-file"));
        Plan plan = plan(
                HealthOnce.assumed(config, 0),
                List.of(
                        path("192.0.2.10/32", true, OptionalLong.of(50), OWNER),
                        path("192.0.2.53/32", true, OptionalLong.empty(), OWNER),
                        path("192.0.2.25/32", true, OptionalLong.empty(), OWNER)),
                NORTH,
                peer("192.0.2.253", "by hand"));

        assertEquals(
                List.of(
                        "update-neighbour 192.0.2.254 hold-time, families   # north",
                        "# neighbour 192.0.2.253 is somebody else's, and stays as it is"),
                lines(plan));
    }

    /** Orders of a former run stand; they are looked at, and stay in their file. */
    @Test
    void shouldPlanWithOrdersThatWereLeft() throws Exception {
        String left = """
                {"vip":"web","order":"withdraw"}
                {"vip":"gone","order":"withdraw"}
                """;
        Files.writeString(orders, left);
        Plan plan = plan(
                HealthOnce.assumed(config, 0),
                List.of(
                        path("192.0.2.53/32", true, OptionalLong.empty(), OWNER),
                        path("192.0.2.25/32", true, OptionalLong.empty(), OWNER)),
                NORTH,
                SOUTH);

        assertEquals(List.of("# nothing to change", "# vip web is not announced: by order"), lines(plan));
        assertEquals(left, Files.readString(orders));
    }

    @Test
    void shouldBeginWithStartOfDaemonAndItsNeighbours() throws Exception {
        Plan plan = plan(Map.of(), List.of())
                .after(Optional.of(new Step("start", "as 65001", "router-id 192.0.2.1", "")), List.of("a remark"));
        JsonObject json = plan.json();

        assertEquals(
                List.of(
                        "start as 65001 router-id 192.0.2.1",
                        "add-neighbour 192.0.2.254 as 65000   # north",
                        "add-neighbour 192.0.2.253 as 65000   # south",
                        "# a remark",
                        "# vip web stays as it is: not known yet",
                        "# vip dns stays as it is: not known yet",
                        "# vip mail stays as it is: not known yet"),
                lines(plan));
        assertEquals(JsonParser.parseString("""
                        {"kind": "add-neighbour", "subject": "192.0.2.254", "text": "as 65000", "why": "north"}"""), json.getAsJsonArray("changes").get(1));
        assertEquals("a remark", json.getAsJsonArray("notes").get(0).getAsString());
    }
}
