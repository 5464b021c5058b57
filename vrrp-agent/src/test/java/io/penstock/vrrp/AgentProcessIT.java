package io.penstock.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.NetworkNamespace;
import io.penstock.vrrp.AgentPair.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the process ends, and what it leaves. */
@Timeout(120)
class AgentProcessIT {
    private static final String VIP = "192.0.2.10";
    private static final String YAML = """
            routers:
              web: { interface: eth0, vrid: 51, advertisement-interval: 250ms, vips: [ "192.0.2.10/24" ], lease: 2s }
            """;

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();
    private AgentPair hosts;

    @BeforeEach
    void plugIn() throws Exception {
        hosts = new AgentPair(directory);
    }

    @AfterEach
    void unplug() throws Exception {
        for (Process process : started) {
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
        if (hosts != null) {
            hosts.end();
        }
    }

    private Path log(Host host) {
        return directory.resolve(host + ".log");
    }

    private Process run(Host host) throws Exception {
        Path file = hosts.write(host, YAML);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VrrpMain.class.getName(),
                        "run",
                        "-c",
                        file.toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(host).toFile());
        Process process = hosts.namespace(host).call(builder::start);
        started.add(process);
        return process;
    }

    @Test
    void shouldLeaveNothingAndSaySoWhenTerminated() throws Exception {
        Process agent = run(Host.A);
        hosts.awaitVip(Host.A, VIP);
        agent.destroy();
        assertTrue(agent.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, agent.exitValue(), () -> "SIGTERM is a way to end");
        hosts.awaitNoVip(Host.A, VIP);
        assertTrue(Files.readString(log(Host.A)).contains("state=stopped"));
    }

    @Test
    void shouldLoseVipToOtherHostWhenKilled() throws Exception {
        Process agent = run(Host.A);
        hosts.awaitVip(Host.A, VIP);
        run(Host.B);
        NetworkNamespace.await("B runs", () -> Files.readString(log(Host.B)).contains("state=running"));

        agent.destroyForcibly();
        assertTrue(agent.waitFor(20, TimeUnit.SECONDS));

        hosts.awaitVip(Host.B, VIP);
        hosts.awaitNoVip(Host.A, VIP);
    }
}
