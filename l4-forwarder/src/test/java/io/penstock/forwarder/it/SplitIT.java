package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which pool serves a client, and whether it stays with a backend of a policy that would send it anywhere. */
@Timeout(60)
class SplitIT {
    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NamedBackends backends;

    @AfterEach
    void stopBackends() {
        backends.close();
    }

    @Test
    void shouldKeepEachClientOnItsSide() throws Exception {
        backends = NamedBackends.running(3);
        String yaml = ForwarderYaml.to(port, backends.entry("a"))
                        .service("split:")
                        .service("  - { pool: beta, sources: [\"127.0.1.0/24\", 127.0.2.9] }")
                        .service("  - { pool: canary, percent: 20% }")
                        .text()
                + pool("beta", "b")
                + pool("canary", "c");
        try (ForwarderProcess forwarder = ForwarderProcess.start(directory, yaml)) {
            for (int i = 1; i <= 50; i++) {
                assertEquals("b", NamedBackends.askFrom("127.0.1." + i, port));
            }
            assertEquals("b", NamedBackends.askFrom("127.0.2.9", port));
            Map<String, Integer> shares = new TreeMap<>();
            for (int i = 0; i < 600; i++) {
                String source = "127.0." + (3 + i / 200) + "." + (1 + i % 200);
                String side = NamedBackends.askFrom(source, port);
                assertEquals(side, NamedBackends.askFrom(source, port), source);
                assertEquals(side, NamedBackends.askFrom(source, port), source);
                shares.merge(side, 1, Integer::sum);
            }
            assertEquals(Set.of("a", "c"), shares.keySet(), shares::toString);
            // Five deviations of 600 draws of 0.2 are 49.
            assertTrue(Math.abs(shares.get("c") - 120) <= 49, shares::toString);
            assertEquals(0, forwarder.stop());
        }
    }

    private String pool(String name, String backend) {
        return "  " + name + ": { health: none, backends: [" + backends.entry(backend) + "] }\n";
    }

    @Test
    void shouldKeepAClientWithItsBackendAndThenWithTheNext() throws Exception {
        backends = NamedBackends.running(3);
        try (Agents agents = Agents.of("a", "b", "c");
                ForwarderProcess forwarder = ForwarderProcess.start(
                        directory,
                        backends.pool(port)
                                .pool("balance: { policy: round-robin }")
                                .pool("affinity: { timeout: 10m }")
                                .pool(agents.yaml())
                                .text())) {
            Map<String, String> first = askAll();
            assertEquals(Set.of("a", "b", "c"), new TreeSet<>(first.values()));
            assertEquals(first, askAll());
            agents.say("a", "drain");
            forwarder.awaitLog("event=table", "eligible=2");
            Map<String, String> second = askAll();
            first.forEach((source, name) -> {
                if (name.equals("a")) {
                    assertTrue(Set.of("b", "c").contains(second.get(source)), source);
                } else {
                    assertEquals(name, second.get(source), source);
                }
            });
            agents.say("a", "ready");
            forwarder.awaitLog("backend=test/a from=DRAINING to=UP");
            // Only a client that is new shows that it takes connections again.
            int[] last = {0};
            Await.until("a is used", () -> NamedBackends.askFrom("127.0.6." + ++last[0] % 250, port)
                    .equals("a"));
            assertEquals(second, askAll());
            assertEquals(0, forwarder.stop());
        }
    }

    /** The backend of each of 30 clients. */
    private Map<String, String> askAll() throws Exception {
        Map<String, String> names = new TreeMap<>();
        for (int i = 1; i <= 30; i++) {
            String source = "127.0.5." + i;
            names.put(source, NamedBackends.askFrom(source, port));
        }
        return names;
    }
}
