package io.penstock.bgp.health;

import static io.penstock.bgp.health.Vips.OFTEN;
import static io.penstock.bgp.health.Vips.asks;
import static io.penstock.bgp.health.Vips.by;
import static io.penstock.bgp.health.Vips.config;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.AdminServer;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.Router;
import io.penstock.bgp.config.VipConfig;
import io.penstock.bgp.config.VipHealth;
import io.penstock.bgp.config.VipHealth.Service;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches of real sockets: a server that answers as a forwarder does, and ports that take connections or do not. */
@Timeout(60)
class HealthWatchesTest {
    private static final String VIP = "192.0.2.10";
    private static final String OTHER = "192.0.2.11";

    @TempDir
    Path directory;

    private final Semaphore woken = new Semaphore(0);
    private final Map<String, String> states = new ConcurrentHashMap<>();
    private HealthWatches watches;
    private AdminServer forwarder;

    @BeforeEach
    void begin() throws Exception {
        watches = new HealthWatches(woken::release, System::nanoTime, new LinuxSyscalls());
        Router router = new Router()
                .get("/v1/health/vips", request -> {
                    JsonArray all = new JsonArray();
                    new LinkedHashMap<>(states).forEach((vip, state) -> all.add(json(vip, state)));
                    JsonObject body = new JsonObject();
                    body.add("vips", all);
                    return AdminResponse.json(body);
                })
                .get("/v1/health/vips/{vip}", request -> {
                    String vip = request.segment("vip");
                    String state = states.get(vip);
                    return state == null
                            ? AdminResponse.text(404, "nobody")
                            : AdminResponse.json(200, json(vip, state));
                });
        forwarder = AdminServer.start(
                AdminConfig.of(new AdminAddress.Unix(socket())), router, new MetricsPage(), "test-fwd");
    }

    /** Nothing that it began is left. */
    @AfterEach
    void end() throws Exception {
        Set<Thread> begun = Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith("bgp-") || thread.getName().startsWith("admin-client"))
                .collect(Collectors.toSet());
        assertFalse(begun.isEmpty());
        watches.close();
        forwarder.close();
        for (Thread thread : begun) {
            thread.join(20_000);
            assertFalse(thread.isAlive(), thread.getName());
        }
    }

    @Test
    void shouldFollowWhatForwarderSays() throws Exception {
        states.put(VIP, "unknown");
        watches.watch(config(web(by(asks(socket(), VIP)))));
        assertEquals(Level.UNKNOWN, level("web"));
        states.put(VIP, "served");
        await("web", Level.UP);
        states.put(VIP, "degraded");
        assertEquals("it is degraded", await("web", Level.DEGRADED).reason());
        states.put(VIP, "served");
        await("web", Level.UP);
        states.put(VIP, "draining");
        await("web", Level.DRAINING);
        states.put(VIP, "not-served");
        assertEquals("it is not-served", await("web", Level.DOWN).reason());
    }

    @Test
    void shouldTakeMissingAnswersForDown() throws Exception {
        states.put(VIP, "served");
        watches.watch(config(web(by(asks(socket(), VIP)))));
        await("web", Level.UP);
        forwarder.close();
        Condition down = await("web", Level.DOWN);
        assertTrue(down.reason().startsWith("no answer"), down.reason());
    }

    /** The time is that of the last answer, so that it can be told how long all that follows takes. */
    @Test
    void shouldSayWhenEvidenceWasThere() throws Exception {
        states.put(VIP, "served");
        watches.watch(config(web(by(asks(socket(), VIP)))));
        long beforeNs = System.nanoTime();
        await("web", Level.UP);
        states.put(VIP, "not-served");
        long changedNs = System.nanoTime();
        long atNs = await("web", Level.DOWN).atNs();
        assertTrue(atNs - changedNs >= OFTEN.multipliedBy(Vips.FALL - 2).toNanos(), "not the first of the answers");
        assertTrue(atNs - System.nanoTime() <= 0 && beforeNs - atNs < 0);
    }

    @Test
    void shouldWatchServicesOfSeveralVipsEachForItself() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
            Service check = new VipHealth.Checks(new Endpoint(IpAddress.of(loopback), server.getLocalPort()), plan());
            states.putAll(Map.of(VIP, "served", OTHER, "served"));
            watches.watch(config(
                    web(by(1, Map.of("forwarder", asks(socket(), VIP), "port", check))),
                    vip("dns", OTHER, by(2, Map.of("forwarder", asks(socket(), OTHER), "port", check))),
                    vip("always", "192.0.2.12", new VipHealth.None())));
            await("web", Level.UP);
            await("dns", Level.UP);
            assertEquals(Level.UP, level("always"));
        }
        Condition web = await("web", Level.DEGRADED);
        assertTrue(web.reason().startsWith("1 of 2 services: port: "), web.reason());
        Condition dns = await("dns", Level.DOWN);
        assertTrue(dns.reason().startsWith("port: connection refused"), dns.reason());
        states.remove(VIP);
        assertEquals(
                "forwarder: no service of the forwarder listens on " + VIP,
                await("web", Level.DOWN).reason());
    }

    /** The check that was is not heard any more, however soon it would have spoken. */
    @Test
    void shouldHearNothingMoreOfWhatChanged() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        int port;
        try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
            port = server.getLocalPort();
            states.put(VIP, "unknown");
            watches.watch(config(web(by(new VipHealth.Checks(new Endpoint(IpAddress.of(loopback), port), plan())))));
            await("web", Level.UP);
            watches.watch(config(web(by(asks(socket(), VIP)))));
        }
        Thread.sleep(10 * OFTEN.toMillis());
        assertEquals("as before; nothing heard yet", watches.now().get("web").reason());
        assertEquals(Level.UP, level("web"));
        states.put(VIP, "not-served");
        await("web", Level.DOWN);
    }

    @Test
    void shouldGoOnWithServiceThatStays() throws Exception {
        states.putAll(Map.of(VIP, "served", OTHER, "served"));
        watches.watch(config(web(by(asks(socket(), VIP)))));
        await("web", Level.UP);
        watches.watch(config(web(by(asks(socket(), VIP))), vip("dns", OTHER, by(asks(socket(), OTHER)))));
        assertEquals("it is served", watches.now().get("web").reason());
        await("dns", Level.UP);
        watches.watch(config(vip("dns", OTHER, by(asks(socket(), OTHER)))));
        assertEquals(Set.of("dns"), watches.now().keySet());
        assertEquals(Level.UP, level("dns"));
    }

    /** No address of documentation is on this host; one of loopback is. */
    @Test
    void shouldKnowFromStartWhichAddressesAreHere() {
        watches.watch(config(
                Vips.vip("web", VIP, true, new VipHealth.None()),
                Vips.vip("here", "127.0.0.1", true, new VipHealth.None())));
        assertFalse(watches.now().get("web").present());
        assertTrue(watches.now().get("here").present());
    }

    private static HealthPlan plan() {
        return HealthPlan.of(new HealthCheck(
                "tcp",
                new Probe.Tcp(),
                HealthCheck.TARGETS_PORT,
                new Schedule(OFTEN, OFTEN, Vips.LONG, 0, Schedule.Initial.DOWN),
                HealthCheck.Origin.PLAIN,
                1,
                2,
                1));
    }

    private static JsonObject json(String vip, String state) {
        JsonObject json = new JsonObject();
        json.addProperty("vip", vip);
        json.addProperty("state", state);
        json.addProperty("reason", "it is " + state);
        return json;
    }

    private Path socket() {
        return directory.resolve("forwarder.sock");
    }

    private static VipConfig web(VipHealth health) {
        return vip("web", VIP, health);
    }

    private static VipConfig vip(String name, String address, VipHealth health) {
        return Vips.vip(name, address, false, health);
    }

    private Level level(String vip) {
        return watches.now().get(vip).level();
    }

    /** The watches wake the agent for each change, so nothing has to be looked for in between. */
    private Condition await(String vip, Level level) throws InterruptedException {
        while (true) {
            Condition condition = watches.now().get(vip);
            if (condition.level() == level) {
                return condition;
            }
            assertTrue(woken.tryAcquire(20, TimeUnit.SECONDS), () -> vip + " is not " + level + ": " + watches.now());
        }
    }
}
