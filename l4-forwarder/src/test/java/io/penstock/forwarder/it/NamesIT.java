package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backends by name. The forwarder runs in a mount namespace of its own, where /etc/hosts is a file of the test and names
 * come from nowhere else; the namespace ends with the process.
 */
@Timeout(60)
class NamesIT {
    private static final String NAME = "pair.test";
    private static final int HOSTS_BYTES = 256;

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private final int backendPort = Ports.free();
    private Path hosts;
    private List<String> ownHosts;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(mayUnshare(), "skipped: no mount namespace to be had (needs root and util-linux)");
        hosts = Files.writeString(directory.resolve("hosts"), "");
        Path nsswitch = Files.writeString(directory.resolve("nsswitch.conf"), "hosts: files\n");
        String script = "mount --bind %s /etc/hosts && mount --bind %s /etc/nsswitch.conf && exec \"$@\""
                .formatted(hosts, nsswitch);
        ownHosts = List.of("unshare", "--mount", "--", "sh", "-c", script, "sh");
    }

    private static boolean mayUnshare() throws InterruptedException {
        try {
            Process probe = new ProcessBuilder(
                            "unshare", "--mount", "--", "mount", "--bind", "/etc/hosts", "/etc/hosts")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Test
    void shouldSpreadOverAllAddressesAdoptNewOnesAndKeepTheLastWhenANameIsGone() throws Exception {
        resolveTo("127.0.4.1", "127.0.4.2");
        try (TestBackend one = at("127.0.4.1");
                TestBackend two = at("127.0.4.2");
                TestBackend three = at("127.0.4.3");
                ForwarderProcess forwarder = start()) {
            askUntil(Set.of("127.0.4.1", "127.0.4.2"));

            resolveTo("127.0.4.2", "127.0.4.3");
            forwarder.awaitLog("event=name-changed", "127.0.4.2, 127.0.4.3");
            Await.until("the old address is left", () -> {
                int before = one.accepted();
                for (int i = 0; i < 30; i++) {
                    ask();
                }
                return one.accepted() == before;
            });
            int before = one.accepted();
            askUntil(Set.of("127.0.4.2", "127.0.4.3"));
            assertEquals(before, one.accepted());

            resolveTo();
            forwarder.awaitLog("event=name-fails", "name=" + NAME);
            for (int i = 0; i < 50; i++) {
                assertTrue(Set.of("127.0.4.2", "127.0.4.3").contains(ask()));
            }

            resolveTo("127.0.4.1");
            forwarder.awaitLog("event=name-resolves");
            Await.until("the name's new address", () -> ask().equals("127.0.4.1"));
            assertEquals(0, forwarder.stop());
            assertEquals(0, forwarder.total("closed_no_backend"));
            assertEquals(1, forwarder.logged("event=name-fails"), "one line for a failure that lasts");
            assertTrue(two.accepted() > 0 && three.accepted() > 0);
        }
    }

    @Test
    void shouldStartWithoutANameThatDoesNotResolveYetAndUseItOnceItDoes() throws Exception {
        try (TestBackend one = at("127.0.4.1");
                ForwarderProcess forwarder = start()) {
            assertEquals(1, forwarder.logged("event=name-fails"));
            resolveTo("127.0.4.1");
            Await.until("the name is used", this::answers);
            assertTrue(one.accepted() > 0);
            assertEquals(0, forwarder.stop());
        }
    }

    @Test
    void shouldDrainInPeaceWhenANameChangesMeanwhile() throws Exception {
        resolveTo("127.0.4.1");
        try (TestBackend one = TestBackend.at("127.0.4.1", backendPort, TestBackend::echo);
                ForwarderProcess forwarder = start();
                Socket client = Clients.connect(port)) {
            Clients.assertEchoes(client, "before");
            forwarder.terminate();
            forwarder.awaitLog("state=draining");
            resolveTo("127.0.4.2");
            // Several intervals of the look-ups that a running forwarder makes.
            assertFalse(forwarder.awaitEnd(Duration.ofMillis(500)), forwarder.log());
            Clients.assertEchoes(client, "while draining");
            client.shutdownOutput();
            Clients.assertEnded(client);
            assertEquals(0, forwarder.awaitExit());
            assertEquals(1, one.accepted());
        }
    }

    @Test
    void shouldFillTheTableAndGoOnWhenANameBringsTooManyAddresses() throws Exception {
        resolveTo("127.0.4.1");
        try (TestBackend one = at("127.0.4.1");
                TestBackend two = at("127.0.4.2");
                TestBackend three = at("127.0.4.3");
                ForwarderProcess forwarder = start(yaml().pool("balance: { table-size: 3 }"))) {
            resolveTo("127.0.4.1", "127.0.4.2", "127.0.4.3", "127.0.4.4", "127.0.4.5");
            forwarder.awaitLog("event=pool-too-big", "backends=5 used=3");
            askUntil(Set.of("127.0.4.1", "127.0.4.2", "127.0.4.3"));
            assertEquals(0, forwarder.stop());
            assertTrue(one.accepted() > 0 && two.accepted() > 0 && three.accepted() > 0);
        }
    }

    /** As resolvers do that block a name; Linux would connect 0.0.0.0 to this very host. */
    @Test
    void shouldKeepTheLastAddressesWhenANameBecomesUnspecified() throws Exception {
        resolveTo("127.0.4.1");
        try (TestBackend one = at("127.0.4.1");
                ForwarderProcess forwarder = start()) {
            resolveTo("0.0.0.0");
            forwarder.awaitLog("event=name-fails", "no usable address");
            assertEquals("127.0.4.1", ask());
            assertEquals(0, forwarder.stop());
            assertEquals(1, one.accepted());
        }
    }

    private ForwarderProcess start() throws Exception {
        return start(yaml());
    }

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text(), ownHosts, Map.of());
    }

    private ForwarderYaml yaml() {
        return ForwarderYaml.to(port, NAME + ":" + backendPort).pool("resolve-interval: 100ms");
    }

    private TestBackend at(String address) throws IOException {
        return TestBackend.at(address, backendPort, TestBackend.saying(address));
    }

    /**
     * Written in place, because the mount is of the file and not of its name; padded to one size instead of cut off
     * first, so that a look-up never meets half of it.
     */
    private void resolveTo(String... addresses) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String address : addresses) {
            text.append(address).append(' ').append(NAME).append('\n');
        }
        text.append("\n".repeat(HOSTS_BYTES - text.length()));
        Files.writeString(hosts, text, StandardOpenOption.WRITE);
    }

    private String ask() throws IOException {
        return Clients.ask(port);
    }

    private boolean answers() {
        try {
            return ask().equals("127.0.4.1");
        } catch (IOException notYet) {
            return false;
        }
    }

    private void askUntil(Set<String> expected) throws Exception {
        Set<String> seen = new HashSet<>();
        Await.until("answers from " + expected, () -> {
            seen.add(ask());
            return seen.containsAll(expected);
        });
        assertEquals(expected, seen);
    }
}
