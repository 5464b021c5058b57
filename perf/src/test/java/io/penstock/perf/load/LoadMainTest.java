package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real process, driven as the rig drives it. */
@Timeout(60)
final class LoadMainTest {
    private static final int CONNECTIONS = 10;
    private static final String TEN = "--connections=" + CONNECTIONS;
    private static final int STALL_MS = 100;
    private static final double STALL_US = STALL_MS * 1_000.0;

    private int targetPort;
    private int backendPort;
    private TestProxy proxy;

    @BeforeEach
    void pickPorts() throws IOException {
        List<Integer> ports = LoopbackPorts.pick(2);
        targetPort = ports.get(0);
        backendPort = ports.get(1);
    }

    @AfterEach
    void closeProxy() throws IOException {
        if (proxy != null) {
            proxy.close();
        }
    }

    @Test
    void shouldMeasureLatencyAtARateAndCapacityWithoutOne() throws Exception {
        try (LoadProcess load = LoadProcess.start("latency", backendPort, backendPort, TEN, "--rate=500")) {
            load.expect("ready");
            Map<String, Double> open = load.run("go");
            assertServed(open);
            assertEquals(500, open.get("rate"));
            assertEquals(500, open.get("units") + open.get("late"), 100);
            assertTrue(open.get("lag_max_us") >= open.get("lag_p99_us"));
            Map<String, Double> closed = load.run("go 0");
            assertServed(closed);
            assertEquals(closed.get("units") * Wire.REQUEST_BYTES, closed.get("bytes"));
            assertEquals(2_000, load.run("go 2000").get("rate"));
            assertEquals(0, load.say("quit").exitCode());
        }
    }

    @Test
    void shouldServeManyConnectionsOfMixedSizes() throws Exception {
        try (LoadProcess load = LoadProcess.start("many", backendPort, backendPort, "--connections=300")) {
            load.expect("ready");
            for (int run = 0; run < 2; run++) {
                Map<String, Double> result = load.run("go");
                assertServed(result);
                assertTrue(result.get("bytes") > 256 * result.get("units"));
            }
            assertEquals(0, load.endInput().exitCode());
        }
    }

    @Test
    void shouldKeepIdleConnectionsFromRunToRun() throws Exception {
        try (LoadProcess load = LoadProcess.start("idle", backendPort, backendPort, TEN, "--idle=300")) {
            load.expect("ready");
            for (int run = 0; run < 2; run++) {
                Map<String, Double> result = load.run("go");
                assertServed(result);
                assertEquals(300, result.get("idle_alive"));
                assertEquals(0, result.get("idle_reopened"));
            }
            assertEquals(0, load.say("quit").exitCode());
        }
    }

    @Test
    void shouldConnectAnewForEachRequestOfCold() throws Exception {
        try (LoadProcess load = LoadProcess.start("cold", backendPort, backendPort, "--rate=300")) {
            load.expect("ready");
            Map<String, Double> result = load.run("go");
            assertServed(result);
            assertEquals(300, result.get("units") + result.get("late"), 60);
            assertTrue(result.get("first_units") <= result.get("units") + result.get("late"));
            assertTrue(result.get("first_p50_us") <= result.get("first_max_us"));
            assertEquals(600, load.run("go 600").get("rate"));
            assertEquals(0, load.say("quit").exitCode());
        }
    }

    @Test
    void shouldWaitForTheTargetToListenWhenCold() throws Exception {
        try (LoadProcess load = LoadProcess.start("cold", targetPort, backendPort, "--rate=100")) {
            load.expect("ready").say("go");
            proxy = new TestProxy(targetPort, backendPort, (number, bytes) -> {});
            assertServed(load.expect("start").expect("end").result());
            assertEquals(0, load.say("quit").exitCode());
        }
    }

    /**
     * All requests that arrive during the stall must be charged with what is left of it: at 1,000 a second about 100 of
     * 1,000, a fifth of them with at least 80 ms. A generator that waits for one response before it sends the next
     * request would charge ten.
     */
    @Test
    void shouldChargeAStallToEveryRequestThatArrivesMeanwhile() throws Exception {
        TestProxy.Mischief stall = (number, bytes) -> {
            if (number == 500) {
                Stall.ofMillis(STALL_MS);
            }
        };
        proxy = new TestProxy(targetPort, backendPort, stall);
        try (LoadProcess load = LoadProcess.start("latency", targetPort, backendPort, TEN, "--rate=1000")) {
            load.expect("ready");
            Map<String, Double> result = load.run("go");
            assertEquals(0, result.get("failures"));
            assertTrue(result.get("max_us") >= 0.99 * STALL_US, result::toString);
            assertTrue(result.get("p999_us") >= 0.95 * STALL_US, result::toString);
            assertTrue(result.get("p99_us") >= 0.8 * STALL_US, result::toString);
        }
    }

    @Test
    void shouldCountAWrongByteAsAFailure() throws Exception {
        TestProxy.Mischief damage = (number, bytes) -> {
            if (number == 100) {
                bytes[Wire.REQUEST_BYTES - 1]++;
            }
        };
        proxy = new TestProxy(targetPort, backendPort, damage);
        try (LoadProcess load = LoadProcess.start("latency", targetPort, backendPort, TEN)) {
            load.expect("ready");
            assertEquals(1, load.run("go 0").get("failures"));
        }
    }

    @Test
    void shouldCountAnIdleConnectionThatWasCutAsAFailureAndReopenIt() throws Exception {
        int idle = 20;
        TestProxy.Mischief cut = (number, bytes) -> {
            if (number == idle + CONNECTIONS + 100) {
                proxy.cut(0);
            }
        };
        proxy = new TestProxy(targetPort, backendPort, cut);
        try (LoadProcess load = LoadProcess.start("idle", targetPort, backendPort, TEN, "--idle=" + idle)) {
            load.expect("ready");
            Map<String, Double> first = load.run("go");
            assertEquals(1, first.get("failures"));
            assertEquals(idle - 1, first.get("idle_alive"));
            Map<String, Double> second = load.run("go");
            assertEquals(0, second.get("failures"));
            assertEquals(1, second.get("idle_reopened"));
        }
    }

    @Test
    void shouldFailWhenTheTargetRefuses() throws Exception {
        try (LoadProcess load = LoadProcess.start("many", targetPort, backendPort, TEN)) {
            assertEquals(1, load.expect("ready").say("go").exitCode());
        }
    }

    @Test
    void shouldFailOnWordsItDoesNotKnow() throws Exception {
        try (LoadProcess load = LoadProcess.start("many", backendPort, backendPort, TEN)) {
            assertEquals(1, load.expect("ready").say("run").exitCode());
        }
    }

    private static void assertServed(Map<String, Double> result) {
        assertEquals(0, result.get("failures"), result::toString);
        assertTrue(result.get("units") > 0, result::toString);
        assertTrue(result.get("seconds") >= 1, result::toString);
        assertTrue(0 < result.get("p50_us"), result::toString);
        assertTrue(result.get("p50_us") <= result.get("p99_us"), result::toString);
        assertTrue(result.get("p99_us") <= result.get("p999_us"), result::toString);
        assertTrue(result.get("p999_us") <= result.get("max_us"), result::toString);
    }
}
