package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Near backends first, then those farther away; and what happens when there are not enough. */
@Timeout(60)
class PlacesIT {
    private static final String HERE = "place: { region: eu, zone: here }";

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NamedBackends backends;

    @AfterEach
    void stopBackends() {
        backends.close();
    }

    @Test
    void shouldSpillOverToTheNextZoneAsMuchAsTheOwnCannotTake() throws Exception {
        backends = NamedBackends.running(4);
        ForwarderYaml yaml = pool(
                        backends.entry("a", "zone: here"),
                        backends.entry("b", "zone: here"),
                        backends.entry("c", "zone: there"),
                        backends.entry("d", "region: us", "zone: here"))
                .top(HERE)
                .pool("locality: { overprovisioning: 140% }");
        try (ForwarderProcess forwarder = start(yaml)) {
            assertEquals(Set.of("a", "b"), NamedBackends.tally(port, 100).keySet());
            backends.stop("b");
            awaitEligible(forwarder, 3, 1);
            Map<String, Integer> shares = NamedBackends.tally(port, 1_000);
            assertEquals(Set.of("a", "c"), shares.keySet(), shares::toString);
            // Half of the zone times 140 %; five deviations of 1,000 draws of 0.7 are 73.
            assertTrue(Math.abs(shares.get("a") - 700) <= 73, shares::toString);
            backends.stop("a");
            awaitEligible(forwarder, 2, 1);
            assertEquals(Map.of("c", 30), NamedBackends.tally(port, 30));
            backends.stop("c");
            awaitEligible(forwarder, 1, 1);
            assertEquals(Map.of("d", 30), NamedBackends.tally(port, 30));
            backends.start("a");
            backends.start("b");
            backends.start("c");
            awaitEligible(forwarder, 4, 2);
            assertEquals(Set.of("a", "b"), NamedBackends.tally(port, 100).keySet());
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldUseTheBackupOnlyWhileThePrimaryIsDown() throws Exception {
        backends = NamedBackends.running(2);
        try (ForwarderProcess forwarder = start(pool(backends.entry("a"), backends.entry("b", "backup: true")))) {
            assertEquals(Map.of("a", 50), NamedBackends.tally(port, 50));
            backends.stop("a");
            awaitEligible(forwarder, 1, 1);
            assertEquals(Map.of("b", 50), NamedBackends.tally(port, 50));
            backends.start("a");
            awaitEligible(forwarder, 2, 2);
            assertEquals(Map.of("a", 50), NamedBackends.tally(port, 50));
            assertEquals(0, forwarder.stop());
        }
    }

    /** Checks that go to a port of their own fail, while the backends go on. */
    @Test
    void shouldIgnoreHealthWhenTooLittleOfAPoolIsHealthy() throws Exception {
        backends = NamedBackends.running(4);
        int checked = Ports.free();
        List<TestBackend> checks = new ArrayList<>();
        try {
            for (String name : List.of("a", "b", "c", "d")) {
                checks.add(answering(name, checked));
            }
            ForwarderYaml yaml = backends.pool(port)
                    .health("{ exchange: { port: " + checked + ", expect: fine }, " + ForwarderYaml.CHECK_TIMES + " }")
                    .pool("balance: { policy: round-robin }")
                    .pool("locality: { panic: 50% }");
            try (ForwarderProcess forwarder = start(yaml)) {
                checks.get(0).close();
                checks.get(1).close();
                awaitEligible(forwarder, 2, 1);
                assertEquals(Map.of("c", 10, "d", 10), NamedBackends.tally(port, 20));
                checks.get(2).close();
                forwarder.awaitLog("event=panic pool=test state=on eligible=1 of=4");
                Await.until("all are used", () -> NamedBackends.tally(port, 40)
                        .equals(Map.of("a", 10, "b", 10, "c", 10, "d", 10)));
                checks.set(0, answering("a", checked));
                forwarder.awaitLog("event=panic pool=test state=off eligible=2 of=4");
                Await.until("the healthy are used", () -> NamedBackends.tally(port, 40)
                        .equals(Map.of("a", 20, "d", 20)));
                assertEquals(0, forwarder.stop());
            }
        } finally {
            checks.forEach(TestBackend::close);
        }
    }

    private static TestBackend answering(String name, int port) throws IOException {
        return TestBackend.at(NamedBackends.host(name), port, socket -> Clients.write(socket, "fine"));
    }

    @Test
    void shouldSendClientsToTheBackendsOfTheirOwnPlace() throws Exception {
        backends = NamedBackends.running(2);
        Path clients = Files.writeString(directory.resolve("clients.csv"), """
                127.0.1.0/24, eu/there
                127.0.1.7, eu/here
                127.0.2.0/24 here
                """);
        ForwarderYaml yaml = pool(backends.entry("a", "zone: here"), backends.entry("b", "zone: there"))
                .top(HERE)
                .top("geo: { file: " + clients + " }");
        try (ForwarderProcess forwarder = start(yaml)) {
            for (int i = 0; i < 10; i++) {
                assertEquals("b", NamedBackends.askFrom("127.0.1.2" + i, port));
                assertEquals("a", NamedBackends.askFrom("127.0.1.7", port));
                assertEquals("a", NamedBackends.askFrom("127.0.2.2" + i, port));
                assertEquals("a", NamedBackends.askFrom("127.0.3.2" + i, port), "nothing is known of it");
            }
            backends.stop("b");
            awaitEligible(forwarder, 1, 1);
            assertEquals("a", NamedBackends.askFrom("127.0.1.20", port));
            assertEquals(0, forwarder.stop());
        }
    }

    /** A table with so many eligible backends was made so many times. */
    private static void awaitEligible(ForwarderProcess forwarder, int eligible, int times) throws Exception {
        forwarder.awaitLogged(times, "event=table", "eligible=" + eligible + " ");
    }

    private ForwarderYaml pool(String... entries) {
        return ForwarderYaml.to(port, entries).health("{ tcp: {}, " + ForwarderYaml.CHECK_TIMES + " }");
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }
}
