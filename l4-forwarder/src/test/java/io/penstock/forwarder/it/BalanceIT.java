package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which backend a connection meets, as the clients see it. */
@Timeout(60)
class BalanceIT {
    private static final int SOURCES = 200;
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @TempDir
    Path directory;

    private final List<TestBackend> backends = new ArrayList<>();
    private final List<String> entries = new ArrayList<>();

    @BeforeEach
    void startBackends() throws Exception {
        for (String name : NAMES) {
            TestBackend backend = TestBackend.running(TestBackend.saying(name));
            backends.add(backend);
            entries.add("{ id: " + name + ", address: \"" + backend.address() + "\" }");
        }
    }

    @AfterEach
    void stopBackends() {
        backends.forEach(TestBackend::close);
    }

    @Test
    void shouldSendEachSourceToOneBackendAndAgreeWithAnotherForwarderOfTheSameSecret() throws Exception {
        Path secret = Files.writeString(directory.resolve("cluster.secret"), "0123456789abcdef0123456789abcdef\n");
        int onePort = Ports.free();
        int otherPort = Ports.free();
        List<String> reversed = new ArrayList<>(entries);
        Collections.reverse(reversed);
        try (ForwarderProcess one = start(bySource(onePort, secret, entries));
                ForwarderProcess other = start(bySource(otherPort, secret, reversed))) {
            Map<String, Integer> shares = new TreeMap<>();
            for (int i = 1; i <= SOURCES; i++) {
                String source = "127.0.3." + i;
                String backend = askFrom(source, onePort);
                assertEquals(backend, askFrom(source, onePort), source);
                assertEquals(backend, askFrom(source, otherPort), source);
                shares.merge(backend, 1, Integer::sum);
            }
            assertSpread(shares);
            assertEquals(0, one.stop());
            assertEquals(0, other.stop());
        }
    }

    @Test
    void shouldSpreadTheConnectionsOfOneSourceWhenFlowsAreHashed() throws Exception {
        int port = Ports.free();
        try (ForwarderProcess forwarder =
                start(ForwarderYaml.to(port, entries.toArray(String[]::new)).pool("balance: { hash: flow }"))) {
            Map<String, Integer> shares = new TreeMap<>();
            for (int i = 0; i < SOURCES; i++) {
                shares.merge(Clients.ask(port), 1, Integer::sum);
            }
            assertSpread(shares);
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldGiveShareByWeightAndNothingToWeightZero() throws Exception {
        int port = Ports.free();
        List<String> weighted = List.of(
                entries.get(0).replace("}", ", weight: 3 }"),
                entries.get(1),
                entries.get(2).replace("}", ", weight: 0 }"));
        try (ForwarderProcess forwarder = start(ForwarderYaml.to(port, weighted.toArray(String[]::new)))) {
            Map<String, Integer> shares = new TreeMap<>();
            for (int i = 0; i < 400; i++) {
                shares.merge(Clients.ask(port), 1, Integer::sum);
            }
            assertEquals(2, shares.size(), shares::toString);
            // 300 are expected; the deviation of 400 draws is 9, so this fails once in many million runs.
            assertTrue(shares.get("a") > 250 && shares.get("a") < 350, shares::toString);
            assertEquals(0, forwarder.stop());
        }
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }

    private static ForwarderYaml bySource(int port, Path secret, List<String> entries) {
        return ForwarderYaml.to(port, entries.toArray(String[]::new))
                .top("secret-file: " + secret)
                .pool("balance: { hash: source }");
    }

    private static String askFrom(String source, int port) throws Exception {
        try (Socket socket = Clients.connectFrom(source, port)) {
            return Clients.readToEnd(socket);
        }
    }

    /** 50 each are expected; the deviation is 6, so a backend with fewer than 15 is a mistake and not bad luck. */
    private static void assertSpread(Map<String, Integer> shares) {
        assertEquals(NAMES.size(), shares.size(), shares::toString);
        shares.values().forEach(share -> assertTrue(share >= 15, shares::toString));
    }
}
