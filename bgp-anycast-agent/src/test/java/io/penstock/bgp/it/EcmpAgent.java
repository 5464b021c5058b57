package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The ecmp-agent beside the agent, as its launcher starts it: the host has {@link #ADDRESS} while it says so. */
final class EcmpAgent implements AutoCloseable {
    static final String ADDRESS = "192.0.2.10";

    private static final Path LAUNCHER = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .resolveSibling("ecmp-agent")
            .resolve("target/dist/bin/ecmp-agent");

    /** A lease that outlives a test: one that stands still keeps its address. */
    private static final String YAML = """
            admin: { listen: "unix:%1$s/ecmp-agent.sock" }
            state-directory: %1$s
            vips:
              web: { address: %2$s/32, lease: 1h, announcement: 1s, drain: 0s, health: none }
            """;

    private final TestDaemon process;

    private EcmpAgent(TestDaemon process) {
        this.process = process;
    }

    /** Returns when it runs; the test is skipped when it is not built. Its API listens at {@code ecmp-agent.sock}. */
    static EcmpAgent start(Site site, Path directory) throws Exception {
        assumeTrue(Files.isExecutable(LAUNCHER), "skipped: there is no " + LAUNCHER);
        Path config = Files.writeString(directory.resolve("ecmp-agent.yaml"), YAML.formatted(directory, ADDRESS));
        TestDaemon process = TestDaemon.start(
                site.host(),
                directory.resolve("ecmp-agent.log"),
                List.of(LAUNCHER.toString(), "run", "-c", config.toString()));
        EcmpAgent started = site.closing(new EcmpAgent(process));
        Waiting.until(process::log, () -> {
            assertTrue(process.isAlive(), process::log);
            return process.log().contains("state=running");
        });
        return started;
    }

    String log() {
        return process.log();
    }

    void freeze() throws Exception {
        process.freeze();
    }

    void thaw() throws Exception {
        process.thaw();
    }

    @Override
    public void close() {
        process.kill();
    }
}
