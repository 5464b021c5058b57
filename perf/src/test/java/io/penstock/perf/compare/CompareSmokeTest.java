package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command itself with real contestants, for as short as it goes. What it measures in that time means nothing. */
@Timeout(300)
final class CompareSmokeTest {
    private static final Path LAUNCHER = Path.of("../l4-forwarder/target/dist/bin/l4-forwarder")
            .toAbsolutePath()
            .normalize();
    private static final int TIMEOUT_S = 240;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireContestants() {
        for (String tool : List.of("haproxy", "nginx", "wrk", "taskset")) {
            assumeTrue(Tools.find(tool).isPresent(), "skipped: no " + tool);
        }
        assumeTrue(Files.isExecutable(LAUNCHER), "skipped: the forwarder is not packaged yet");
    }

    @Test
    void shouldMeasureEveryContestantAndLeaveNothingBehind() throws IOException, InterruptedException {
        Path json = directory.resolve("figures.json");
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        ToolRun run = ToolRun.of(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Compare.class.getName(),
                        "keepalive",
                        "--rounds=1",
                        "--seconds=1",
                        "--forwarder=" + LAUNCHER,
                        "--home=/nowhere",
                        "--results=" + directory,
                        "--json=" + json),
                TIMEOUT_S);

        assertTrue(run.exitCode() == 0 || run.exitCode() == 1, run::output);
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        Set<String> measured = new TreeSet<>();
        for (JsonNode row : rows) {
            String name = row.get("name").asText();
            if (name.endsWith(".throughput")) {
                measured.add(name);
                assertTrue(row.get("value").asDouble() > 0, run::output);
            }
            if (name.endsWith(".failures")) {
                assertEquals(0, row.get("value").asDouble(), run::output);
            }
        }
        assertEquals(
                Set.of(
                        "keepalive.direct.throughput",
                        "keepalive.haproxy-default.throughput",
                        "keepalive.haproxy-tuned.throughput",
                        "keepalive.nginx.throughput",
                        "keepalive.penstock.throughput"),
                measured,
                run::output);
        assertTrue(Files.exists(directory.resolve("compare/keepalive.svg")), run::output);
        try (var left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
