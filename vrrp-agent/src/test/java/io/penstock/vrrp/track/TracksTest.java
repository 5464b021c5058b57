package io.penstock.vrrp.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.TrackConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches of real things: a server that answers as a forwarder does, ports, programs and files. */
@Timeout(60)
class TracksTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final IpAddress OTHER_VIP = IpAddress.parse("192.0.2.11").orElseThrow();
    private static final IpAddress LOOPBACK = IpAddress.of(InetAddress.getLoopbackAddress());

    @TempDir
    Path directory;

    private final Semaphore news = new Semaphore(0);
    private final TrackBoard board = new TrackBoard(news::release);
    private final Tracks tracks = new Tracks(board, System::nanoTime);
    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private AdminServer forwarder;

    @AfterEach
    void end() {
        tracks.close();
        if (forwarder != null) {
            forwarder.close();
        }
    }

    @Test
    void shouldFollowWhatForwarderSays() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "unknown");
        RouterConfig web = router("web", asks("fwd", TrackedRouter.VIP, OptionalInt.of(-60), OFTEN));
        tracks.watch(TrackedRouter.config(web));
        states.put("192.0.2.10", "served");
        await(web, view -> view.known() && view.up());
        states.put("192.0.2.10", "not-served");
        assertEquals(-60, await(web, view -> !view.up()).contribution());
        states.put("192.0.2.10", "degraded");
        await(web, TrackView::up);
        states.put("192.0.2.10", "draining");
        assertEquals("the forwarder drains", await(web, view -> !view.up()).evidence());
    }

    @Test
    void shouldTakeForwarderThatIsGoneForDown() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        RouterConfig web = router("web", asks("fwd", TrackedRouter.VIP, OptionalInt.empty(), OFTEN));
        tracks.watch(TrackedRouter.config(web));
        await(web, TrackView::up);
        forwarder.close();
        TrackView down = await(web, TrackView::fault);
        assertTrue(down.evidence().startsWith("no answer"), down.evidence());
    }

    /** All VIPs of all routers in one question: with a question for each there would be two threads. */
    @Test
    void shouldAskEachForwarderOnOneThread() throws Exception {
        startForwarder();
        states.putAll(Map.of("192.0.2.10", "served", "192.0.2.11", "not-served"));
        RouterConfig web = router("web", asks("fwd", TrackedRouter.VIP, OptionalInt.empty(), OFTEN));
        RouterConfig dns = router(
                "dns",
                asks("first", TrackedRouter.VIP, OptionalInt.empty(), OFTEN),
                asks("second", OTHER_VIP, OptionalInt.empty(), OFTEN));
        tracks.watch(TrackedRouter.config(web, dns));
        await(web, TrackView::up);
        await(dns, 0, TrackView::up);
        await(dns, 1, view -> view.known() && !view.up());
        assertEquals(1, threads("vrrp-fwd-").size());
    }

    @Test
    void shouldFollowPort() throws Exception {
        RouterConfig web;
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            web = router("web", checks(new Probe.Tcp(), server.getLocalPort(), OptionalInt.of(20)));
            tracks.watch(TrackedRouter.config(web));
            assertEquals(20, await(web, TrackView::up).contribution());
        }
        TrackView down = await(web, view -> !view.up());
        assertTrue(down.evidence().contains("refused"), down.evidence());
        assertEquals(0, down.contribution());
    }

    @Test
    void shouldFollowPage() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        Router router = new Router().get("/alive", request -> AdminResponse.text(status.get(), "so it is"));
        AdminAddress any = AdminAddress.parse("127.0.0.1:" + freePort()).orElseThrow();
        forwarder = AdminServer.start(AdminConfig.of(any), router, new MetricsPage(), "test-web");
        Probe page = new Probe.Http(
                "GET",
                "/alive",
                Optional.empty(),
                List.of(new Probe.StatusRange(200, 399)),
                Optional.empty(),
                Optional.empty());
        int port = ((AdminAddress.Tcp) any).endpoint().port();
        RouterConfig web = router("web", checks(page, port, OptionalInt.empty()));
        tracks.watch(TrackedRouter.config(web));
        await(web, TrackView::up);
        status.set(503);
        TrackView down = await(web, TrackView::fault);
        assertTrue(down.evidence().contains("503"), down.evidence());
    }

    @Test
    void shouldFollowProgram() throws Exception {
        Path flag = Files.writeString(directory.resolve("flag"), "");
        Probe program = new Probe.Exec(List.of("/usr/bin/test", "-e", flag.toString()), 100);
        RouterConfig web = router("web", checks(program, 0, OptionalInt.of(-5)));
        tracks.watch(TrackedRouter.config(web));
        await(web, view -> view.known() && view.up());
        Files.delete(flag);
        assertEquals(-5, await(web, view -> !view.up()).contribution());
    }

    @Test
    void shouldKnowFilesWhenItReturns() throws Exception {
        Path file = Files.writeString(directory.resolve("number"), "-20\n");
        RouterConfig web = router("web", number(file));
        tracks.watch(TrackedRouter.config(web));
        assertEquals(-20, view(web, 0).contribution());
    }

    @Test
    void shouldFollowFileHoweverItChanges() throws Exception {
        Path file = directory.resolve("number");
        RouterConfig web = router("web", number(file));
        RouterConfig dns = router("dns", number(file));
        tracks.watch(TrackedRouter.config(web, dns));
        assertEquals("is not there, which counts as 0", view(web, 0).evidence());
        Files.writeString(file, "5");
        await(web, view -> view.contribution() == 5);
        await(dns, view -> view.contribution() == 5);
        Path other = Files.writeString(directory.resolve("other"), "7");
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        await(web, view -> view.contribution() == 7);
        Files.writeString(file, "-254");
        assertEquals("says -254", await(web, TrackView::fault).evidence());
        Files.writeString(file, "oh no");
        await(web, view -> !view.fault() && view.evidence().startsWith("has something else"));
        Files.delete(file);
        await(web, view -> view.evidence().startsWith("is not there"));
        Files.createDirectory(file);
        await(web, view -> view.evidence().startsWith("is not a file"));
        Files.delete(file);
        Files.createSymbolicLink(file, Files.writeString(directory.resolve("target"), "3"));
        await(web, view -> view.contribution() == 3);
    }

    /** It is asked for once a second: if a reload forgot it, nothing would be known for most of that. */
    @Test
    void shouldKeepWhatWasHeardOfTracksThatStay() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            TrackConfig asked = asks("fwd", TrackedRouter.VIP, OptionalInt.empty(), Duration.ofSeconds(1));
            TrackConfig checked = checks(new Probe.Tcp(), server.getLocalPort(), OptionalInt.empty());
            TrackConfig read = number(Files.writeString(directory.resolve("number"), "1"));
            RouterConfig web = router("web", asked, checked, read);
            tracks.watch(TrackedRouter.config(web));
            await(web, 0, TrackView::up);
            await(web, 1, TrackView::up);
            Set<Thread> before = threads("vrrp-");
            TrackConfig reweighed = asks("fwd", TrackedRouter.VIP, OptionalInt.of(-7), Duration.ofSeconds(1));
            RouterConfig after = router("web", read, checked, reweighed);
            tracks.watch(TrackedRouter.config(after, router("dns")));
            for (int i = 0; i < 3; i++) {
                TrackView view = view(after, i);
                assertTrue(view.known() && view.up(), view.toString());
            }
            assertEquals(before, threads("vrrp-"));
        }
    }

    /** What is known of a track that changes counts on, and a new one is no fault, so that a router that is active stays so. */
    @Test
    void shouldNotFaultRunningRouterByReload() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        RouterConfig before = router("web", asks("fwd", TrackedRouter.VIP, OptionalInt.empty(), OFTEN));
        tracks.watch(TrackedRouter.config(before));
        await(before, TrackView::up);
        states.put("192.0.2.11", "unknown");
        RouterConfig after = router(
                "web",
                asks("fwd", OTHER_VIP, OptionalInt.empty(), OFTEN),
                asks("new", OTHER_VIP, OptionalInt.empty(), OFTEN),
                asks("plus", OTHER_VIP, OptionalInt.of(10), OFTEN));
        RouterConfig added = router("dns", asks("new", OTHER_VIP, OptionalInt.empty(), OFTEN));
        tracks.watch(TrackedRouter.config(after, added));
        assertEquals(new Known(false, true), known(after, 0));
        assertEquals(new Known(false, true), known(after, 1));
        assertEquals(new Known(false, false), known(after, 2));
        assertEquals(new Known(false, false), known(added, 0));
        // The agent has the former configuration still, and judges by what is on the board.
        assertFalse(view(before, 0).fault());
        states.put("192.0.2.11", "not-served");
        await(after, 0, view -> view.known() && view.fault());
    }

    @Test
    void shouldForgetTracksOneConfigurationAfterTheyLeft() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        RouterConfig web = router("web", asks("fwd", TrackedRouter.VIP, OptionalInt.empty(), OFTEN));
        tracks.watch(TrackedRouter.config(web));
        await(web, TrackView::up);
        tracks.watch(TrackedRouter.config(router("web")));
        assertTrue(view(web, 0).up(), "the agent may still judge by the former configuration");
        tracks.watch(TrackedRouter.config(router("web")));
        assertEquals(Optional.empty(), board.entry("web", "fwd"));
        awaitEnd(threads("vrrp-fwd-"));
    }

    @Test
    void shouldLeaveNothingOpenWhenClosed() throws Exception {
        startForwarder();
        states.put("192.0.2.10", "served");
        // Whatever classes and pools keep for good is there after the first.
        round();
        long descriptors = descriptors();
        for (int i = 0; i < 5; i++) {
            round();
        }
        assertEquals(descriptors, descriptors());
        int asked = questions.get();
        int posted = news.availablePermits();
        Files.writeString(directory.resolve("number"), "9");
        Thread.sleep(200);
        assertEquals(asked, questions.get());
        assertEquals(posted, news.availablePermits());
    }

    /** Everything is watched, known, and let go. */
    private void round() throws Exception {
        // Of other tests, such as hooks that are not waited for.
        Set<Thread> others = threads("vrrp-", "admin-client");
        Path file = Files.writeString(directory.resolve("number"), "1");
        try (Tracks once = new Tracks(board, System::nanoTime);
                ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            RouterConfig web = router(
                    "web",
                    asks("fwd", TrackedRouter.VIP, OptionalInt.empty(), OFTEN),
                    checks(new Probe.Tcp(), server.getLocalPort(), OptionalInt.empty()),
                    number(file));
            RouterConfig dns = router("dns", checks(new Probe.Exec(List.of("/bin/true"), 0), 0, OptionalInt.empty()));
            once.watch(TrackedRouter.config(web, dns));
            await(web, 0, TrackView::up);
            await(web, 1, TrackView::up);
            await(dns, 0, TrackView::up);
            assertEquals(1, view(web, 2).contribution());
        }
        Set<Thread> own = threads("vrrp-", "admin-client");
        own.removeAll(others);
        awaitEnd(own);
        board.forget(new TrackKey("web", "fwd"));
        board.forget(new TrackKey("web", "checks"));
        board.forget(new TrackKey("dns", "checks"));
    }

    private static void awaitEnd(Set<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(LONG.toMillis());
            assertFalse(thread.isAlive(), thread.getName());
        }
    }

    private static Set<Thread> threads(String... prefixes) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Stream.of(prefixes).anyMatch(thread.getName()::startsWith))
                .collect(Collectors.toSet());
    }

    /** Sockets, pipes and what else is no file: those the JVM opens as it likes. */
    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(TracksTest::isNoFile).count();
        }
    }

    private static boolean isNoFile(Path descriptor) {
        try {
            return !Files.readSymbolicLink(descriptor).toString().startsWith("/");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private void startForwarder() throws Exception {
        Router router = new Router()
                .get("/v1/health/vips", request -> {
                    questions.incrementAndGet();
                    JsonArray all = new JsonArray();
                    states.forEach((vip, state) -> all.add(json(vip, state)));
                    JsonObject body = new JsonObject();
                    body.add("vips", all);
                    return AdminResponse.json(body);
                })
                .get("/v1/health/vips/{vip}", request -> {
                    questions.incrementAndGet();
                    String vip = request.segment("vip");
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

    private static int freePort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return server.getLocalPort();
        }
    }

    private TrackConfig asks(String name, IpAddress vip, OptionalInt weight, Duration interval) {
        ForwarderQuestion question = new ForwarderQuestion(address(), AdminCredentials.NONE, interval, LONG, 2, 3);
        return new TrackConfig.Forwarder(name, weight, question, vip);
    }

    private static TrackConfig checks(Probe probe, int port, OptionalInt weight) {
        Schedule schedule = new Schedule(OFTEN, OFTEN, LONG, 0, Schedule.Initial.DOWN);
        HealthCheck check =
                new HealthCheck("check", probe, HealthCheck.TARGETS_PORT, schedule, HealthCheck.Origin.PLAIN, 1, 2, 1);
        return new TrackConfig.Checks("checks", weight, new Endpoint(LOOPBACK, port), HealthPlan.of(check));
    }

    private static TrackConfig number(Path file) {
        return new TrackConfig.File("number", OptionalInt.empty(), file);
    }

    private static RouterConfig router(String name, TrackConfig... tracks) {
        return TrackedRouter.of(name, 100, tracks);
    }

    private record Known(boolean known, boolean up) {}

    private Known known(RouterConfig router, int track) {
        TrackView view = view(router, track);
        return new Known(view.known(), view.up());
    }

    private TrackView view(RouterConfig router, int track) {
        return PriorityRule.decide(router, board, name -> true, System.nanoTime())
                .views()
                .get(track);
    }

    private TrackView await(RouterConfig router, Predicate<TrackView> expected) throws InterruptedException {
        return await(router, 0, expected);
    }

    private TrackView await(RouterConfig router, int track, Predicate<TrackView> expected) throws InterruptedException {
        while (true) {
            TrackView view = view(router, track);
            if (expected.test(view)) {
                return view;
            }
            assertTrue(news.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS), view::toString);
        }
    }
}
