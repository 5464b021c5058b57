package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.it.NamedBackends.Meeting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every policy, by what its clients meet. */
@Timeout(60)
class PolicyIT {
    private static final List<String> POLICIES = List.of(
            "maglev",
            "ring-hash",
            "round-robin",
            "least-connections",
            "two-choices",
            "random",
            "least-time",
            "adaptive");

    @TempDir
    Path directory;

    private NamedBackends backends;

    @BeforeEach
    void startBackends() throws Exception {
        backends = NamedBackends.running(4);
    }

    @AfterEach
    void stopBackends() {
        backends.close();
    }

    /** One forwarder, with a service for each. */
    @Test
    void shouldSpreadConnectionsByEveryPolicy() throws Exception {
        int first = Ports.free(POLICIES.size());
        StringBuilder services = new StringBuilder("workers: 2\nservices:\n");
        StringBuilder pools = new StringBuilder("pools:\n");
        for (int i = 0; i < POLICIES.size(); i++) {
            String policy = POLICIES.get(i);
            services.append("  " + policy + ": { listen: \"127.0.0.1:" + (first + i) + "\" }\n");
            pools.append("  " + policy + ": { health: none, balance: { policy: " + policy + " }, backends: ["
                    + backends.entry("a") + ", " + backends.entry("b") + ", " + backends.entry("c") + ", "
                    + backends.entry("d") + "] }\n");
        }
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, services.toString() + pools)) {
            for (int i = 0; i < POLICIES.size(); i++) {
                String policy = POLICIES.get(i);
                Map<String, Integer> shares = NamedBackends.tally(first + i, 200);
                String message = policy + shares;
                assertEquals(4, shares.size(), message);
                switch (policy) {
                    case "round-robin" -> assertEquals(Map.of("a", 50, "b", 50, "c", 50, "d", 50), shares, message);
                    // 50 each are expected of draws; the deviation is 6.
                    case "maglev", "ring-hash", "random" ->
                        shares.values().forEach(share -> assertTrue(share >= 19 && share <= 81, message));
                    default -> {}
                }
            }
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldBalanceEstablishedConnectionsOverAllWorkers() throws Exception {
        int port = Ports.free();
        ForwarderYaml yaml = backends.pool(port).top("workers: 2").pool("balance: { policy: least-connections }");
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml.text())) {
            assertEquals(Map.of("a", 2, "b", 2, "c", 2, "d", 2), hold(port, 8));
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldBalanceEstablishedConnectionsByWeight() throws Exception {
        int port = Ports.free();
        ForwarderYaml yaml = ForwarderYaml.to(
                        port, backends.entry("a"), backends.entry("b"), backends.entry("c", "weight: 3"))
                .top("workers: 2")
                .pool("balance: { policy: least-connections }");
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml.text())) {
            assertEquals(Map.of("a", 2, "b", 2, "c", 6), hold(port, 10));
            assertEquals(0, forwarder.stop());
        }
    }

    /** All of one source, which would reach one backend. */
    @Test
    void shouldBoundTheLoadOfABackendThatManyAreHashedTo() throws Exception {
        int port = Ports.free();
        ForwarderYaml yaml = backends.pool(port).pool("balance: { hash: source, load-factor: 125% }");
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml.text())) {
            Map<String, Integer> held = hold(port, 16);
            // A fair part is 4, and 125 % of that 5.
            held.values().forEach(share -> assertTrue(share <= 5, held::toString));
            assertEquals(16, held.values().stream().mapToInt(Integer::intValue).sum());
            assertEquals(0, forwarder.stop());
        }
    }

    /** Who has so many connections, established one after the other and held. */
    private static Map<String, Integer> hold(int port, int connections) throws IOException {
        List<Meeting> held = new ArrayList<>();
        try {
            Map<String, Integer> shares = new TreeMap<>();
            for (int i = 0; i < connections; i++) {
                Meeting meeting = NamedBackends.meet(port);
                held.add(meeting);
                shares.merge(meeting.name(), 1, Integer::sum);
            }
            return shares;
        } finally {
            for (Meeting meeting : held) {
                meeting.close();
            }
        }
    }
}
