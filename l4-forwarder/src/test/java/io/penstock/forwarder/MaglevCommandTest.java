package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.cli.ProblemPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MaglevCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = directory.resolve("forwarder.yaml");
        Files.writeString(file, """
                services:
                  web: { listen: "*:8080" }
                  db: { listen: "*:5432" }
                pools:
                  web:
                    backends:
                      - { id: web-1, address: "192.0.2.1:80", weight: 2 }
                      - { id: web-2, address: "web-2.invalid:80" }
                      - { id: web-3, address: "192.0.2.3:80" }
                  db:
                    backends: [{ id: db-1, address: "192.0.2.9:5432" }]
                """);
    }

    @Test
    void shouldShowEveryPoolWhenNoneIsNamed() {
        assertEquals(0, run());

        assertTrue(out.toString().contains("pool web: table of 65537 slots"), out::toString);
        assertTrue(out.toString().contains("pool db: table of 65537 slots"), out::toString);
        assertTrue(row("web-1").matches(" *web-1 +2 +50\\.\\d{3} % +50\\.000 % +[+-]0\\.\\d{3} %"), row("web-1"));
        assertTrue(row("db-1").matches(" *db-1 +1 +100\\.000 % +100\\.000 % +\\+0\\.000 %"), row("db-1"));
        assertTrue(out.toString().contains("names are not resolved"), out::toString);
        assertTrue(out.toString().contains("no secret-file"), out::toString);
        assertFalse(out.toString().contains("WITHOUT"), out::toString);
    }

    @Test
    void shouldShowOnePoolWhenItIsNamed() {
        assertEquals(0, run("--pool", "db"));
        assertFalse(out.toString().contains("pool web"), out::toString);
        assertFalse(out.toString().contains("names are not resolved"), out::toString);
    }

    @Test
    void shouldShowWhatMovesWhenABackendIsLeftOut() {
        assertEquals(0, run("--without", "web-1"));

        assertTrue(row("web-1").endsWith(" -"), row("web-1"));
        assertTrue(row("web-2").matches(".* 50\\.\\d{3} %|.* 49\\.99\\d %"), row("web-2"));
        assertTrue(row("without").startsWith("  without web-1, which had 50.00"), out::toString);
        assertTrue(row("unavoidably").contains("50.00"), out::toString);
        assertFalse(out.toString().contains("pool db"), out::toString);
    }

    @Test
    void shouldSaySoWhenNobodyIsLeft() {
        assertEquals(0, run("--without", "db-1"));
        assertTrue(out.toString().contains("nobody is left"), out::toString);
    }

    @Test
    void shouldSuggestTheNearestNameWhenTheBackendIsUnknown() {
        assertEquals(2, run("--without", "wbe-1"));
        assertTrue(err.toString().contains("no backend 'wbe-1'; did you mean 'web-1'?"), err::toString);
    }

    @Test
    void shouldListTheNamesWhenNoneIsNear() {
        assertEquals(2, run("--pool", "web", "--without", "postgres"));
        assertTrue(err.toString().contains("no backend 'postgres'; there are: web-1, web-2, web-3"), err::toString);
    }

    @Test
    void shouldRefuseWhenThePoolIsUnknown() {
        assertEquals(2, run("--pool", "wbe"));
        assertTrue(err.toString().contains("no pool 'wbe'; did you mean 'web'?"), err::toString);
    }

    @Test
    void shouldLeaveOutPoolsOfOtherPolicies() throws IOException {
        String pools = """
                services: { a: { listen: "*:80" }, b: { listen: "*:81" } }
                pools:
                  a: { balance: { policy: random }, backends: ["10.0.0.1:1"] }
                  b: { backends: ["10.0.0.1:1", { address: "10.0.0.2:1", backup: true }] }
                """;
        Files.writeString(file, pools);
        assertEquals(0, run());
        assertFalse(out.toString().contains("pool a"), out::toString);
        assertTrue(out.toString().contains("priorities and places are left out"), out::toString);
        assertEquals(2, run("--pool", "a"));
        assertTrue(err.toString().contains("the policy of pool 'a' is not maglev"), err::toString);
        Files.writeString(file, pools.replace("b: { backends", "b: { balance: { policy: random }, backends"));
        assertEquals(2, run());
        assertTrue(err.toString().contains("no pool has the policy maglev"), err::toString);
    }

    @Test
    void shouldReportTheProblemsWhenTheFileIsInvalid() throws IOException {
        Files.writeString(file, "services: {}\nnonsense: 1\n");
        assertEquals(1, run());
        assertTrue(err.toString().contains("nonsense"), err::toString);
    }

    private int run(String... arguments) {
        CommandLine command = new CommandLine(new MaglevCommand())
                .setExecutionExceptionHandler(new ProblemPrinter())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 2];
        all[0] = "-c";
        all[1] = file.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return command.execute(all);
    }

    private String row(String word) {
        return out.toString()
                .lines()
                .filter(line -> line.contains(word))
                .findFirst()
                .orElse("");
    }
}
