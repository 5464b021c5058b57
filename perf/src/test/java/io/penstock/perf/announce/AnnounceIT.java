package io.penstock.perf.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code perf/announce} measures all it is to measure. What it promises of the figures is for quiet machines, and not looked at here. */
final class AnnounceIT {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();
    private static final Path LAUNCHER = ROOT.resolve("bgp-anycast-agent/target/dist/bin/bgp-anycast-agent");

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldMeasureWithdrawalsAndRepairs() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "skipped: no network namespace to be had (needs root)");
        for (String tool : List.of("gobgpd", "gobgp", "bird", "birdc", "tcpdump", "unshare", "nsenter", "ping")) {
            boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(found, "skipped: no " + tool + " on the PATH");
        }
        assumeTrue(Files.isExecutable(LAUNCHER), "skipped: there is no " + LAUNCHER);

        Path json = directory.resolve("figures.json");
        Path said = directory.resolve("said");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        ROOT.resolve("perf/target/dist/lib") + "/*",
                        Announce.class.getName(),
                        "--agent",
                        LAUNCHER.toString(),
                        "--rounds",
                        "1",
                        "--json",
                        json.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertTrue(process.waitFor(4, TimeUnit.MINUTES), "it takes too long");
        } finally {
            process.destroy();
        }
        System.out.print(Files.readString(said));
        Map<String, Double> figures = figures(json);
        assertEquals(13, figures.size(), () -> figures + " of exit code " + process.exitValue());
        figures.forEach((name, value) -> assertTrue(Double.isFinite(value) && value >= 0, name + ": " + value));
    }

    private static Map<String, Double> figures(Path file) throws IOException {
        Map<String, Double> figures = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            String name = "";
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && "name".equals(json.currentName())) {
                    name = json.getText();
                } else if ("value".equals(json.currentName())
                        && json.currentToken().isNumeric()) {
                    figures.put(name, json.getDoubleValue());
                }
            }
        }
        return figures;
    }
}
