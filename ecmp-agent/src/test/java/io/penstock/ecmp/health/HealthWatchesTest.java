package io.penstock.ecmp.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminCredentials;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.AdminServer;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.Router;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.SysctlConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.health.CheckedTarget;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches of real sockets: a server that answers as a forwarder does, and ports that take connections or do not. */
@Timeout(60)
class HealthWatchesTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String NOBODY = "no answer";

    @TempDir
    Path directory;

    private final Semaphore woken = new Semaphore(0);
    private final VerdictBoard vips = new VerdictBoard(woken::release);
    private final LegBoard legs = new LegBoard(woken::release);
    private final HealthWatches watches = new HealthWatches(vips, legs, System::nanoTime);
    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private AdminServer forwarder;

    @AfterEach
    void end() {
        watches.close();
        if (forwarder != null) {
            forwarder.close();
        }
    }

    @Test
    void shouldFollowWhatForwarderSays() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "unknown");
        watches.watch(config(vip("web", "192.0.2.10", asksForwarder())));
        states.put("192.0.2.10", "served");
        awaitVerdict("web", Kind.SERVED);
        states.put("192.0.2.10", "not-served");
        awaitVerdict("web", Kind.NOT_SERVED);
        states.put("192.0.2.10", "degraded");
        awaitVerdict("web", Kind.SERVED);
        states.put("192.0.2.10", "draining");
        awaitVerdict("web", Kind.DRAINING);
        assertEquals(Set.of("/192.0.2.10"), asked, "one VIP is asked for by its address");
    }

    @Test
    void shouldAskForAllAtOnceWhenForwarderHasSeveral() throws Exception {
        startForwarder();
        states.putAll(Map.of("192.0.2.10", "served", "2001:db8::10", "not-served"));
        watches.watch(config(
                vip("web", "192.0.2.10", asksForwarder()),
                vip("web6", "2001:db8::10", asksForwarder()),
                vip("dns", "192.0.2.53", asksForwarder())));
        awaitVerdict("web", Kind.SERVED);
        awaitVerdict("web6", Kind.NOT_SERVED);
        awaitVerdict("dns", Kind.NOT_SERVED);
        assertEquals(Set.of(""), asked);
    }

    @Test
    void shouldTakeSilenceForNotServedAndSayWhy() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        watches.watch(config(vip("web", "192.0.2.10", asksForwarder())));
        awaitVerdict("web", Kind.SERVED);
        forwarder.close();
        VipVerdict verdict = awaitVerdict("web", Kind.NOT_SERVED);
        assertTrue(verdict.reason().startsWith(NOBODY), verdict.reason());
    }

    /** The time of a verdict is that of the question: an answer that was long under way is as old as that. */
    @Test
    void shouldDateVerdictByQuestion() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        long beforeNs = System.nanoTime();
        watches.watch(config(vip("web", "192.0.2.10", asksForwarder())));
        long atNs = awaitVerdict("web", Kind.SERVED).atNs();
        assertTrue(beforeNs <= atNs && atNs <= System.nanoTime());
        vips.await(Set.of("web"));
        woken.drainPermits();
        woken.acquire();
        assertTrue(vips.verdicts().get("web").atNs() > atNs, "confirmed again, and told since it is awaited");
    }

    @Test
    void shouldKeepWhatWasHeardOfVipThatStays() throws Exception {
        startForwarder();
        states.putAll(Map.of("192.0.2.10", "served", "192.0.2.11", "served"));
        watches.watch(config(vip("a", "192.0.2.10", asksForwarder()), vip("b", "192.0.2.11", asksForwarder())));
        awaitVerdict("a", Kind.SERVED);
        awaitVerdict("b", Kind.SERVED);
        states.clear();
        watches.watch(config(vip("a", "192.0.2.10", asksForwarder()), vip("b", "192.0.2.12", asksForwarder())));
        VipVerdict b = vips.verdicts().get("b");
        assertTrue(b == null || b.kind() != Kind.SERVED, "that was another address");
        awaitVerdict("a", Kind.NOT_SERVED);
    }

    /** Between this and the next watch the agent takes the configuration, in which the name is of another address. */
    @Test
    void shouldSayNothingOfWhatIsToChange() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        watches.watch(config(vip("web", "192.0.2.10", asksForwarder())));
        awaitVerdict("web", Kind.SERVED);
        EcmpConfig next = config(vip("web", "192.0.2.11", asksForwarder()));
        watches.forget(next);
        assertEquals(Map.of(), vips.verdicts());
        asked.clear();
        Thread.sleep(10 * OFTEN.toMillis());
        assertEquals(Map.of(), vips.verdicts());
        assertTrue(asked.size() <= 1, "but for a question that was under way");
        states.put("192.0.2.11", "not-served");
        watches.watch(next);
        awaitVerdict("web", Kind.NOT_SERVED);
    }

    @Test
    void shouldAskNobodyWhenThereIsNothingToAsk() {
        watches.watch(config(vip("web", "192.0.2.10", new VipHealth.None())));
        watches.watch(config());
        assertEquals(Map.of(), vips.verdicts());
    }

    @Test
    void shouldCheckVipItself() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
            Endpoint target = new Endpoint(IpAddress.of(loopback), server.getLocalPort());
            watches.watch(config(vip("web", "192.0.2.10", new VipHealth.Checks(target, plan()))));
            awaitVerdict("web", Kind.SERVED);
        }
        VipVerdict verdict = awaitVerdict("web", Kind.NOT_SERVED);
        assertTrue(verdict.reason().contains("refused"), verdict.reason());
    }

    @Test
    void shouldCheckLegsAndForgetThoseThatAreGone() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
            Endpoint target = new Endpoint(IpAddress.of(loopback), server.getLocalPort());
            watches.watch(config(route("web", leg("f1", target), leg("f2", target))));
            awaitLegs(Map.of("web/f1", true, "web/f2", true));
            watches.watch(config(route("web", leg("f2", target))));
            awaitLegs(Map.of("web/f2", true));
        }
        awaitLegs(Map.of("web/f2", false));
    }

    private void startForwarder() throws Exception {
        Router router = new Router()
                .get("/v1/health/vips", request -> {
                    asked.add("");
                    JsonArray all = new JsonArray();
                    new LinkedHashMap<>(states).forEach((vip, state) -> all.add(json(vip, state)));
                    JsonObject body = new JsonObject();
                    body.add("vips", all);
                    return AdminResponse.json(body);
                })
                .get("/v1/health/vips/{vip}", request -> {
                    String vip = request.segment("vip");
                    asked.add("/" + vip);
                    String state = states.get(vip);
                    boolean served = List.of("served", "degraded").contains(state);
                    return state == null
                            ? AdminResponse.text(404, "nobody")
                            : AdminResponse.json(served ? 200 : 503, json(vip, state));
                });
        forwarder = AdminServer.start(AdminConfig.of(address()), router, new MetricsPage(), "test-fwd");
    }

    private static JsonObject json(String vip, String state) {
        JsonObject json = new JsonObject();
        json.addProperty("vip", vip);
        json.addProperty("state", state);
        json.addProperty("reason", "");
        return json;
    }

    private AdminAddress address() {
        return new AdminAddress.Unix(directory.resolve("forwarder.sock"));
    }

    private VipHealth asksForwarder() {
        return new VipHealth.Forwarder(new ForwarderQuestion(address(), AdminCredentials.NONE, OFTEN, LONG, 2, 3));
    }

    private static HealthPlan plan() {
        return HealthPlan.of(new HealthCheck(
                "tcp",
                new Probe.Tcp(),
                HealthCheck.TARGETS_PORT,
                new Schedule(OFTEN, OFTEN, LONG, 0, Schedule.Initial.DOWN),
                HealthCheck.Origin.PLAIN,
                1,
                2,
                1));
    }

    private static VipConfig vip(String name, String address, VipHealth health) {
        return new VipConfig(
                name,
                IpAddress.parse(address).orElseThrow(),
                VipConfig.DEFAULT_INTERFACE,
                VipConfig.DEFAULT_LEASE,
                health,
                VipConfig.DEFAULT_ANNOUNCEMENT,
                VipConfig.DEFAULT_DRAIN,
                VipConfig.OnRemoval.RESTORE);
    }

    private static LegConfig leg(String id, Endpoint target) {
        return new LegConfig(id, target.address(), Optional.empty(), 1, Optional.of(new CheckedTarget(target, plan())));
    }

    private static RouteConfig route(String name, LegConfig... legs) {
        IpPrefix prefix = IpPrefix.parse("192.0.2.10/32").orElseThrow();
        return new RouteConfig(
                name, prefix, Optional.empty(), 254, 0, RouteConfig.WhenEmpty.UNREACHABLE, List.of(legs));
    }

    private EcmpConfig config(Record... parts) {
        Map<String, VipConfig> byVip = new LinkedHashMap<>();
        Map<String, RouteConfig> byRoute = new LinkedHashMap<>();
        for (Record part : new ArrayList<>(List.of(parts))) {
            if (part instanceof VipConfig vip) {
                byVip.put(vip.name(), vip);
            } else if (part instanceof RouteConfig route) {
                byRoute.put(route.name(), route);
            }
        }
        return new EcmpConfig(
                directory.resolve("ecmp-agent.yaml"),
                EcmpConfig.DEFAULT_PROTOCOL,
                EcmpConfig.DEFAULT_NEXT_HOP_IDS,
                directory,
                SysctlConfig.DEFAULT,
                byVip,
                byRoute);
    }

    /** The watches wake the agent for each change, so nothing has to be looked for in between. */
    private VipVerdict awaitVerdict(String vip, Kind kind) throws InterruptedException {
        while (true) {
            VipVerdict verdict = vips.verdicts().get(vip);
            if (verdict != null && verdict.kind() == kind) {
                return verdict;
            }
            assertTrue(woken.tryAcquire(20, TimeUnit.SECONDS), () -> vip + " is not " + kind + ": " + vips.verdicts());
        }
    }

    private void awaitLegs(Map<String, Boolean> expected) throws InterruptedException {
        while (!legs.up().equals(expected)) {
            assertTrue(woken.tryAcquire(20, TimeUnit.SECONDS), () -> "not " + expected + ": " + legs.up());
        }
    }
}
