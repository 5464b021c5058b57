package io.penstock.serving;

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
import io.penstock.linux.OpenFds;
import io.penstock.net.IpAddress;
import io.penstock.serving.ForwarderWatches.Asked;
import io.penstock.serving.VipVerdict.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Of a server that answers as a forwarder does; what answers say is in {@link AnswerTest}. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class ForwarderWatchesTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final Duration SELDOM = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PREFIX = "test-watch-";

    @TempDir
    Path directory;

    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final Map<String, VipVerdict> verdicts = new ConcurrentHashMap<>();
    private final AtomicInteger ofAll = new AtomicInteger();
    private final AtomicInteger ofOne = new AtomicInteger();
    private final Semaphore told = new Semaphore(0);
    private final ForwarderWatches watches = new ForwarderWatches(this::onVerdict, System::nanoTime, PREFIX);
    private AdminServer forwarder;

    @BeforeEach
    void begin() throws Exception {
        Router router = new Router()
                .get("/v1/health/vips", request -> {
                    ofAll.incrementAndGet();
                    JsonArray all = new JsonArray();
                    states.forEach((vip, state) -> all.add(json(vip, state)));
                    JsonObject body = new JsonObject();
                    body.add("vips", all);
                    return AdminResponse.json(body);
                })
                .get("/v1/health/vips/{vip}", request -> {
                    ofOne.incrementAndGet();
                    String vip = request.segment("vip");
                    String state = states.get(vip);
                    return state == null
                            ? AdminResponse.text(404, "nobody")
                            : AdminResponse.json("served".equals(state) ? 200 : 503, json(vip, state));
                });
        forwarder = AdminServer.start(AdminConfig.of(address()), router, new MetricsPage(), "test-fwd");
    }

    /** Nothing that it began is left, and no descriptor: those of the clients are closed at the end of their threads. */
    @AfterEach
    void end() throws Exception {
        Set<Thread> begun = threads(PREFIX, "admin-client");
        watches.close();
        forwarder.close();
        for (Thread thread : begun) {
            thread.join(LONG.toMillis());
            assertFalse(thread.isAlive(), thread.getName());
        }
    }

    @Test
    void shouldAskForOneByItsAddress() throws Exception {
        states.put("192.0.2.10", "served");
        watches.watch(List.of(asked("web", "192.0.2.10", OFTEN)));
        await("web", Kind.SERVED);
        assertEquals(0, ofAll.get());
    }

    @Test
    void shouldAskForSeveralAtOnceOnOneThread() throws Exception {
        states.putAll(Map.of("192.0.2.10", "served", "192.0.2.11", "not-served"));
        watches.watch(List.of(
                asked("web", "192.0.2.10", OFTEN),
                asked("web again", "192.0.2.10", OFTEN),
                asked("dns", "192.0.2.11", OFTEN)));
        await("web", Kind.SERVED);
        await("web again", Kind.SERVED);
        await("dns", Kind.NOT_SERVED);
        assertEquals(0, ofOne.get());
        assertEquals(1, threads(PREFIX).size());
    }

    @Test
    void shouldAskAsOftenAsEachWants() throws Exception {
        states.put("192.0.2.10", "served");
        watches.watch(List.of(asked("often", "192.0.2.10", OFTEN), asked("seldom", "192.0.2.10", SELDOM)));
        await("often", Kind.SERVED);
        await("seldom", Kind.SERVED);
        assertEquals(2, threads(PREFIX).size());
    }

    @Test
    void shouldGoOnOnSameThreadWhenAnotherVipComes() throws Exception {
        states.put("192.0.2.10", "served");
        watches.watch(List.of(asked("web", "192.0.2.10", OFTEN)));
        await("web", Kind.SERVED);
        Set<Thread> before = threads(PREFIX);
        verdicts.clear();
        states.clear();
        watches.watch(List.of(asked("web", "192.0.2.10", OFTEN), asked("dns", "192.0.2.11", OFTEN)));
        await("web", Kind.NOT_SERVED);
        await("dns", Kind.NOT_SERVED);
        assertEquals(before, threads(PREFIX));
    }

    @Test
    void shouldSayNothingMoreOfWhatIsForgotten() throws Exception {
        states.putAll(Map.of("192.0.2.10", "served", "192.0.2.11", "served"));
        watches.watch(List.of(asked("web", "192.0.2.10", OFTEN), asked("dns", "192.0.2.11", OFTEN)));
        await("web", Kind.SERVED);
        await("dns", Kind.SERVED);
        watches.forget(Set.of("web"));
        verdicts.clear();
        // More answers than it takes for a word, all of them about both.
        states.put("192.0.2.10", "not-served");
        states.put("192.0.2.11", "not-served");
        await("dns", Kind.NOT_SERVED);
        assertEquals(Set.of("dns"), verdicts.keySet());
    }

    @Test
    void shouldEndThreadOfForwarderThatIsNotAskedAnyMore() throws Exception {
        states.put("192.0.2.10", "served");
        watches.watch(List.of(asked("web", "192.0.2.10", OFTEN)));
        await("web", Kind.SERVED);
        Set<Thread> begun = threads(PREFIX);
        watches.watch(List.of());
        for (Thread thread : begun) {
            thread.join(LONG.toMillis());
            assertFalse(thread.isAlive());
        }
    }

    private void onVerdict(String name, VipVerdict verdict) {
        verdicts.put(name, verdict);
        told.release();
    }

    private void await(String name, Kind kind) throws InterruptedException {
        while (verdicts.get(name) == null || verdicts.get(name).kind() != kind) {
            assertTrue(told.tryAcquire(20, TimeUnit.SECONDS), () -> name + " is not " + kind + ": " + verdicts);
        }
    }

    private static Set<Thread> threads(String... prefixes) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Stream.of(prefixes).anyMatch(thread.getName()::startsWith))
                .collect(Collectors.toSet());
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

    private Asked asked(String name, String vip, Duration interval) {
        IpAddress address = IpAddress.parse(vip).orElseThrow();
        return new Asked(name, address, new ForwarderQuestion(address(), AdminCredentials.NONE, interval, LONG, 2, 3));
    }
}
