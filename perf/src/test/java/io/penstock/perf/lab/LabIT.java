package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lab {@code ecmp} with real agents, forwarders and backends: who serves while something is broken, and what stays behind. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class LabIT {
    private static final List<String> FORWARDERS = List.of("f1", "f2", "f3");
    private static final List<String> BACKENDS = List.of("b1", "b2", "b3", "b4");

    /** SIGTERM, as the shell tells of it. */
    private static final int TERMINATED = 143;

    @RegisterExtension
    static final SharedLab LAB = new SharedLab(() -> Lab.named("it"));

    @Test
    void shouldServeThroughAllForwardersAndLeadASourceToOneBackend() throws Exception {
        try (LabTraffic traffic = new LabTraffic(LAB.get(), "--seconds", "6", "--clients", "300")) {
            Map<String, Integer> total = traffic.total();
            assertEquals(0, total.get("failed"), traffic::said);
            assertEquals(0, total.get("broken"), traffic::said);
            FORWARDERS.forEach(forwarder -> assertTrue(total.getOrDefault(forwarder, 0) > 0, traffic::said));
            BACKENDS.forEach(backend -> assertTrue(total.getOrDefault(backend, 0) > 0, traffic::said));
            assertEquals(300, total.get("sources"), traffic::said);
            assertTrue(total.get("through-several") > 0, traffic::said);
            assertEquals(0, total.get("strayed"), traffic::said);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f1.forwarder", "f1.agent", "f1.leave", "f1.freeze", "f1.link", "f1.backends"})
    void shouldServeThroughTheOthersWhileAForwarderIsBroken(String thing) throws Exception {
        try (LabTraffic traffic = new LabTraffic(LAB.get())) {
            traffic.await(1, second -> second.of("f1") > 0 && second.of("lasting") == 100);
            LAB.get().run("break", thing);
            traffic.await(2, second -> second.of("f1") == 0 && second.of("served") > 0 && second.of("failed") == 0);
            LAB.get().run("heal", thing);
            traffic.await(1, second -> second.of("f1") > 0 && second.of("failed") == 0);
            Map<String, Integer> total = traffic.end();
            // The router moved nothing but what the broken forwarder had.
            assertFalse(total.containsKey("f2-broken"), traffic::said);
            assertFalse(total.containsKey("f3-broken"), traffic::said);
            assertEquals(0, total.get("strayed"), traffic::said);
        }
    }

    @Test
    void shouldLoseNobodyWhenAForwardersHostLeavesInOrder() throws Exception {
        try (LabTraffic traffic = new LabTraffic(LAB.get(), "--lasting", "0")) {
            traffic.await(1, second -> second.of("f2") > 0);
            LAB.get().run("break", "f2.leave");
            traffic.await(2, second -> second.of("f2") == 0);
            LAB.get().run("heal", "f2.leave");
            traffic.await(1, second -> second.of("f2") > 0);
            assertEquals(0, traffic.end().get("failed"), traffic::said);
        }
    }

    @Test
    void shouldGoOnWhileTheRoutersAgentIsDead() throws Exception {
        try (LabTraffic traffic = new LabTraffic(LAB.get())) {
            traffic.await(1, second -> second.of("f1") > 0 && second.of("lasting") == 100);
            LAB.get().run("break", "router.agent");
            traffic.await(2, second -> FORWARDERS.stream().allMatch(forwarder -> second.of(forwarder) > 0));
            LAB.get().run("heal", "router.agent");
            traffic.await(4, second -> FORWARDERS.stream().allMatch(forwarder -> second.of(forwarder) > 0));
            Map<String, Integer> total = traffic.end();
            assertEquals(0, total.get("failed"), traffic::said);
            assertEquals(0, total.get("broken"), traffic::said);
        }
    }

    @Test
    void shouldServeByTheOtherBackendsWhileOneIsKilled() throws Exception {
        try (LabTraffic traffic = new LabTraffic(LAB.get())) {
            traffic.await(1, second -> second.of("b1") > 0);
            LAB.get().run("break", "b1");
            traffic.await(2, second -> second.of("b1") == 0 && second.of("served") > 0 && second.of("failed") == 0);
            assertTrue(LAB.get().run("status").contains("b1.nginx           not running"));
            LAB.get().run("heal", "b1");
            traffic.await(1, second -> second.of("b1") > 0 && second.of("failed") == 0);
        }
    }

    @Test
    void shouldRunBesideAnotherAndLeaveNothingOfIt() throws Exception {
        try (Lab second = Lab.named("two")) {
            second.up();
            assertFalse(second.traces().isEmpty());
            second.run("down");
            assertEquals(List.of(), second.traces());
            second.run("down");
        }
        try (LabTraffic traffic = new LabTraffic(LAB.get(), "--seconds", "2")) {
            assertEquals(0, traffic.total().get("failed"), traffic::said);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"making the hosts", "starting", "waiting until it serves"})
    void shouldLeaveNothingWhenItIsInterruptedOnItsWayUp(String when) throws Exception {
        Lab other = Lab.named("cut");
        Process up = other.upUntil(when);
        up.destroy();
        assertTrue(up.waitFor(1, TimeUnit.MINUTES));
        assertEquals(TERMINATED, up.exitValue());
        assertEquals(List.of(), other.traces());
    }

    @Test
    void shouldCleanUpWhatAKilledOneHasLeft() throws Exception {
        try (Lab other = Lab.named("dead")) {
            other.upUntil("waiting until it serves").destroyForcibly().waitFor();
            assertFalse(other.traces().isEmpty());
            other.run("down");
            assertEquals(List.of(), other.traces());
        }
    }
}
