package io.penstock.ecmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.StartException;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a whole, in a namespace of its own. */
@Timeout(60)
class EcmpAgentTest {
    private static final String ARP_IGNORE = "/proc/sys/net/ipv4/conf/all/arp_ignore";

    @TempDir
    private Path directory;

    private NetworkNamespace namespace;

    @BeforeEach
    void create() throws Exception {
        namespace = NetworkNamespace.create();
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void shouldLeaveSettingsToAgentThatRunsWhenItCannotStartBesideIt() throws Exception {
        EcmpConfig config =
                EcmpConfigReader.read(Files.writeString(directory.resolve("e.yaml"), """
                admin: { listen: "127.0.0.1:19081" }
                state-directory: %s
                vips: { web: { address: 192.0.2.10, health: none, announcement: 0s, drain: 0s } }
                """.formatted(directory)));
        EcmpAgent running = namespace.call(() -> EcmpAgent.start(config, new LinuxSyscalls()));
        try {
            assertEquals("1", arpIgnore());

            assertThrows(
                    StartException.class, () -> namespace.call(() -> EcmpAgent.start(config, new LinuxSyscalls())));

            assertEquals("1", arpIgnore());
        } finally {
            end(running);
        }
        assertEquals("0", arpIgnore(), "it still knows what was there before");
    }

    @Test
    void shouldHoldSettingsUntilVipsThatAreNotConfiguredAnyMoreHaveLeft() throws Exception {
        Path file = directory.resolve("e.yaml");
        String common = "state-directory: " + directory + "\n";
        Files.writeString(file, common + "vips: { web: { address: 192.0.2.10, health: none, drain: 1h } }\n");
        EcmpConfig config = EcmpConfigReader.read(file);
        EcmpAgent running = namespace.call(() -> EcmpAgent.start(config, new LinuxSyscalls()));
        try {
            Files.writeString(file, common + "vips: { far: { address: \"2001:db8::10\", health: none } }\n");

            assertTrue(namespace.call(() -> running.reload("test")).applied());

            assertEquals("1", arpIgnore(), "the VIP is still here");
            assertTrue(namespace.call(() -> running.reload("test")).applied());
            assertEquals("0", arpIgnore());
        } finally {
            end(running);
        }
    }

    private void end(EcmpAgent running) throws Exception {
        running.stopNow();
        assertTrue(running.awaitEnd(Duration.ofSeconds(20)));
        namespace.call(() -> {
            running.close();
            return null;
        });
    }

    private String arpIgnore() throws Exception {
        return namespace.run("cat", ARP_IGNORE).strip();
    }
}
