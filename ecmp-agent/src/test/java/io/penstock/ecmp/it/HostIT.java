package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent beside a forwarder, on a host that is a network namespace. */
@Timeout(180)
class HostIT {
    private static final String VIP = "192.0.2.10";
    private static final int BACKEND_PORT = 8080;
    private static final int OURS = 210;
    private static final String ARP_IGNORE = "/proc/sys/net/ipv4/conf/all/arp_ignore";

    @TempDir
    Path directory;

    private NetworkNamespace host;
    private AddressWatch vip;
    private Backend backend;

    @BeforeEach
    void make() throws Exception {
        host = NetworkNamespace.create();
        vip = AddressWatch.of(host, VIP);
        backend = Backend.start(host, BACKEND_PORT);
    }

    @AfterEach
    void end() throws Exception {
        if (host != null) {
            backend.close();
            vip.close();
            host.close();
        }
    }

    @Test
    void shouldHaveVipWhileForwarderServesIt() throws Exception {
        try (DistProcess agent = agent("3s")) {
            NetworkNamespace.await("the agent knows that no forwarder is there", () -> status("vips")
                    .contains("No such file or directory"));
            assertFalse(vip.isThere());
            try (DistProcess forwarder = forwarder()) {
                vip.awaitThere();
                assertHeldUnderLease(3);
                assertEquals(200, ask("GET", "/v1/health/vips/" + VIP).status());
                backend.close();
                vip.awaitGone();
                assertEquals(503, ask("GET", "/v1/health/vips/" + VIP).status());
                backend = Backend.start(host, BACKEND_PORT);
                vip.awaitThere();
                assertEquals(0, forwarder.stop());
            }
            vip.awaitGone();
            assertEquals(0, agent.stop());
        }
    }

    private void assertHeldUnderLease(long seconds) throws Exception {
        InterfaceAddress address = vip.look().orElseThrow();
        assertEquals(OURS, address.protocol());
        assertEquals(32, address.prefixBits());
        assertTrue(address.validSeconds() <= seconds, () -> "a lease of " + address.validSeconds() + " s");
    }

    /** Announced no more at first, and gone only later: who looks from outside sees it in this order. */
    @Test
    void shouldSayThatItGoesBeforeItGoes() throws Exception {
        try (DistProcess forwarder = forwarder();
                DistProcess agent = agent("3s")) {
            vip.awaitThere();
            agent.terminate();
            NetworkNamespace.await(
                    "no longer announced",
                    () -> ask("GET", "/v1/health/vips/" + VIP).status() == 503);
            assertTrue(vip.isThere(), agent::log);
            assertEquals(503, ask("GET", "/readyz").status());
            vip.awaitGone();
            assertEquals(0, agent.awaitExit());
            assertEquals(1, vip.removals(), "by the agent, not by the lease");
            assertTrue(agent.log().contains("from=withdrawing to=draining"), agent::log);
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldLeaveAndComeBackAsOrdered() throws Exception {
        try (DistProcess forwarder = forwarder();
                DistProcess agent = agent("3s")) {
            vip.awaitThere();
            Reply withdrawn = ask("POST", "/v1/withdraw");
            assertEquals(202, withdrawn.status());
            assertTrue(withdrawn.body().contains("\"withdrawing\""), withdrawn.body());
            vip.awaitGone();
            JsonObject name = new JsonObject();
            name.addProperty("name", "web");
            assertEquals(202, ask("POST", "/v1/resume", Optional.of(name)).status());
            vip.awaitThere();
            assertEquals(0, agent.stop());
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldHoldKernelSettingsAndPutThemBack() throws Exception {
        assertEquals("0", setting());
        try (DistProcess killed = agent("3s")) {
            assertEquals("1", setting());
            killed.kill();
            assertEquals("1", setting(), "nobody was there to put it back");
        }
        try (DistProcess next = agent("3s")) {
            assertEquals("1", setting());
            assertEquals(0, next.stop());
        }
        assertEquals("0", setting());
    }

    private String setting() throws Exception {
        return host.run("cat", ARP_IGNORE).strip();
    }

    /** Neither goes it for a moment, nor is it put there by two. */
    @Test
    void shouldAdoptVipOfKilledRunWithoutGap() throws Exception {
        try (DistProcess forwarder = forwarder();
                DistProcess killed = agent("20s")) {
            vip.awaitThere();
            killed.kill();
            try (DistProcess next = agent("20s")) {
                NetworkNamespace.await("held", () -> status("vips").contains("\"held\""));
                long before = vip.puts();
                NetworkNamespace.await("refreshed by the next run", () -> vip.puts() > before);
                assertEquals(0, vip.removals(), next::log);
                assertEquals(0, next.stop());
            }
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldRemoveVipAtOnceAtSecondSignal() throws Exception {
        try (DistProcess forwarder = forwarder();
                DistProcess agent = agent("3s", "announcement: 1h")) {
            vip.awaitThere();
            agent.terminate();
            agent.awaitLog("to=withdrawing");
            assertTrue(vip.isThere());
            assertEquals(0, agent.stop());
            assertFalse(vip.isThere());
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldApplyFileAtSignalWithoutTouchingWhatStays() throws Exception {
        try (DistProcess forwarder = forwarder();
                DistProcess agent = agent("3s");
                AddressWatch other = AddressWatch.of(host, "192.0.2.11")) {
            vip.awaitThere();
            String both = yaml("3s", "announcement: 1s") + "  www: { address: 192.0.2.11/32, health: none }\n";
            agent.offer(both);
            other.awaitThere();
            agent.offer(both.replace("health: none", "health: splendid"));
            agent.awaitLog("event=config-refused");
            assertTrue(other.isThere());
            agent.offer(yaml("3s", "announcement: 1s"));
            other.awaitGone();
            assertEquals(0, vip.removals(), agent::log);
            assertEquals(0, agent.stop());
            assertEquals(0, forwarder.stop());
        }
    }

    private DistProcess forwarder() throws Exception {
        return DistProcess.forwarder(host, directory, """
                admin: { listen: "unix:%s/forwarder.sock" }
                services: { web: { listen: "0.0.0.0:80", pool: web } }
                pools: { web: { backends: ["127.0.0.1:%d"], health: { interval: 100ms, rise: 1, fall: 2 } } }
                drain-timeout: 1s
                """.formatted(directory, BACKEND_PORT));
    }

    private DistProcess agent(String lease) throws Exception {
        return agent(lease, "announcement: 1s");
    }

    private DistProcess agent(String lease, String announcement) throws Exception {
        return DistProcess.agent(host, directory, yaml(lease, announcement));
    }

    private String yaml(String lease, String announcement) {
        return """
                admin: { listen: "unix:%1$s/ecmp.sock" }
                state-directory: %1$s
                vips:
                  web:
                    address: %2$s/32
                    lease: %3$s
                    %4$s
                    drain: 500ms
                    health: { forwarder: "unix:%1$s/forwarder.sock", interval: 100ms }
                """.formatted(directory, VIP, lease, announcement);
    }

    private String status(String part) throws Exception {
        JsonObject status = Json.parse(ask("GET", "/v1/status").body()).getAsJsonObject();
        return status.get(part).toString();
    }

    private Reply ask(String method, String uri) throws Exception {
        return ask(method, uri, Optional.empty());
    }

    private Reply ask(String method, String uri, Optional<JsonObject> body) throws Exception {
        AdminAddress.Unix address = new AdminAddress.Unix(directory.resolve("ecmp.sock"));
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            return client.send(method, uri, body.map(json -> json));
        }
    }
}
