package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.cli.ProblemPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldSayWhatItFoundWhenFileIsRight() throws IOException {
        Path file = write("""
                services: { web: { listen: "*:80" }, shop: { listen: "*:81", pool: web } }
                pools: { web: { backends: ["a:1", "b:1", "c:1"] } }
                """);

        assertEquals(0, check(file));
        assertEquals(file + ": ok: 2 services, 1 pool, 3 backends\n", out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void shouldSayHowThePoolsOfUdpAreChecked() throws IOException {
        Path file = write("""
                services:
                  web: { listen: "*:80" }
                  a: { listen: "*:53", protocol: udp, pool: usual }
                  b: { listen: "*:54", protocol: udp, pool: both }
                  c: { listen: "*:54", pool: both }
                  d: { listen: "*:55", protocol: udp, pool: none }
                  e: { listen: "*:56", protocol: udp, pool: several }
                pools:
                  web: { backends: ["a:1"] }
                  usual: { backends: ["a:1"] }
                  both: { backends: ["a:1"] }
                  none: { health: none, backends: ["a:1"] }
                  several: { health: { checks: { ask: { udp: { send: a } }, port: { tcp: {} } } }, backends: ["a:1"] }
                """);

        assertEquals(0, check(file));
        assertEquals(
                """
                note: pool usual, UDP: checked by an empty datagram, which fails where nobody listens
                note: pool both, TCP and UDP: checked by tcp
                note: pool none, UDP: not checked
                note: pool several, UDP: checked by ask, port
                """, out.toString().lines().skip(1).map(line -> line + "\n").collect(Collectors.joining()));
    }

    @Test
    void shouldPrintEachProblemAndTheirNumberWhenFileIsWrong() throws IOException {
        Path file = write("workers: 0\nservices: { web: { listen: \"*:80\" } }\n");

        assertEquals(1, check(file));
        assertEquals(
                file + ":1:1: pools: is required (was absent)\n"
                        + file + ":1:10: workers: must be a whole number from 1 to 1024 (was 0)\n"
                        + file + ": 2 problems\n",
                err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldPrintOneProblemWhenFileIsMissing() {
        Path file = directory.resolve("missing.yaml");

        assertEquals(1, check(file));
        assertEquals(file + ":1:1: document: must exist (was no such file)\n" + file + ": 1 problem\n", err.toString());
    }

    @Test
    void shouldExplainUsageWhenOptionIsMissing() {
        assertEquals(2, command().execute());
    }

    private int check(Path file) {
        return command().execute("-c", file.toString());
    }

    private CommandLine command() {
        return new CommandLine(new CheckCommand())
                .setExecutionExceptionHandler(new ProblemPrinter())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("f.yaml"), yaml);
    }
}
