package io.penstock.bgp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.it.Gobgpd;
import io.penstock.cli.ProgramNames;
import io.penstock.testing.Typed;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

/** What is planned for a real gobgpd, which is as it was afterwards. */
@Timeout(120)
class PlanIT {
    @Command(name = "bgp-anycast-agent", subcommands = PlanCommand.class)
    private static final class Program {}

    @TempDir
    private Path directory;

    private Path file;
    private InetAddress own;

    @BeforeEach
    void configure() throws IOException {
        Gobgpd.assumeInstalled();
        own = Gobgpd.ownLoopback();
        file = directory.resolve("agent.yaml");
        Files.writeString(file, """
                state-directory: %s
                gobgp: { address: "%s:50051", timeout: 10s }
                global: { asn: 65001, router-id: 192.0.2.1, listen-port: none }
                allow: [192.0.2.0/24]
                vips:
                  web: { prefix: 192.0.2.10/32, presence: false, health: none, attributes: { up: { med: 50 } } }
                  dns: { prefix: 192.0.2.53/32, health: none }
                """.formatted(directory, own.getHostAddress()));
    }

    private Typed plan(String... more) {
        String[] words = new String[more.length + 3];
        System.arraycopy(new String[] {"plan", "-c", file.toString()}, 0, words, 0, 3);
        System.arraycopy(more, 0, words, 3, more.length);
        return Typed.of(new Program(), new ProgramNames("agent", "PENSTOCK_BGP_ADMIN"), words);
    }

    @Test
    void shouldPlanForDaemonThatIsNotStartedUntilItIsGone() throws Exception {
        try (Gobgpd daemon = Gobgpd.onLoopback(directory, own)) {
            Typed typed = plan();

            assertEquals(0, typed.exitCode(), typed::err);
            assertEquals(
                    List.of(
                            "start as 65001 router-id 192.0.2.1",
                            "announce 192.0.2.10/32 next-hop self, med 50, large-communities 65001:9:1   # new",
                            "# vip dns is not announced: its address is not on this host"),
                    typed.out().lines().toList());
            assertEquals(typed, plan());
            daemon.kill();
            assertEquals(3, plan().exitCode());
        }
    }

    @Test
    void shouldPlanForDaemonWithPathsAndChangeNothing() throws Exception {
        Path bgp = directory.resolve("gobgpd.toml");
        Files.writeString(bgp, """
                [global.config]
                  as = 65001
                  router-id = "192.0.2.1"
                  port = -1
                """);
        try (Gobgpd daemon = Gobgpd.onLoopback(directory, own, "-f", bgp.toString())) {
            daemon.cli("global rib add 192.0.2.77/32");
            daemon.cli("global rib add 192.0.2.53/32");
            daemon.cli("global rib add 192.0.2.88/32 large-community 65001:9:1");
            String before = prefixes(daemon);

            Typed typed = plan("--assume-healthy");

            assertEquals(0, typed.exitCode(), typed::err);
            assertEquals(
                    List.of(
                            "withdraw 192.0.2.88/32   # unwanted",
                            "announce 192.0.2.10/32 next-hop self, med 50, large-communities 65001:9:1   # new",
                            "# somebody else's path is at 192.0.2.53/32: it stays, and none is added",
                            "# 1 path of others stays"),
                    typed.out().lines().toList());
            assertEquals(before, prefixes(daemon));
        }
    }

    /** Without its age. */
    private static String prefixes(Gobgpd daemon) throws Exception {
        return daemon.cli("global rib").replaceAll("[0-9]{2}:[0-9]{2}:[0-9]{2}", "");
    }

    @Test
    void shouldSayThatNoDaemonAnswers() {
        Typed typed = plan();

        assertEquals(3, typed.exitCode());
        assertTrue(typed.err().startsWith("bgp-anycast-agent: gobgpd at " + own.getHostAddress()), typed::err);
        assertEquals("", typed.out());
    }
}
