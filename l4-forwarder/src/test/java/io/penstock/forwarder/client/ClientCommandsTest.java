package io.penstock.forwarder.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.Json;
import io.penstock.cli.ProgramNames;
import io.penstock.cli.Table;
import io.penstock.forwarder.admin.AdminFixture;
import io.penstock.forwarder.admin.FakeOperations;
import io.penstock.forwarder.operate.ReloadResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Timeout(60)
class ClientCommandsTest {
    @Command(
            name = "l4-forwarder",
            subcommands = {
                StatusCommand.class,
                ReloadCommand.class,
                BackendCommand.class,
                PoolCommand.class,
                ServiceCommand.class,
                ConnectionsCommand.class,
                DrainCommand.class
            })
    private static final class Main {}

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private AdminFixture admin;

    @BeforeEach
    void start() throws Exception {
        admin = new AdminFixture(directory);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    /** To the fixture's address. */
    private int run(String line) {
        return execute(Stream.concat(
                        Stream.of(line.split(" ", -1)),
                        Stream.of("--admin", admin.address().toString()))
                .toArray(String[]::new));
    }

    private int execute(String... words) {
        return new CommandLine(new Main())
                .setResourceBundle(new ProgramNames("forwarder", "PENSTOCK_ADMIN"))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reload                                         | reload api
            backend add web 10.0.0.3:80                    | add web NewBackend[id=10.0.0.3:80, address=10.0.0.3:80, weight=1]
            backend add web 10.0.0.3:80 --id x --weight 0  | add web NewBackend[id=x, address=10.0.0.3:80, weight=0]
            backend remove web web-1                       | remove web/web-1
            backend drain web web-1                        | drain backend web/web-1 DrainPlan[ratePerSecond=0.0, jitterPercent=20, deadline=Optional.empty, closeRest=false]
            backend drain web web-1 --rate 50/s --jitter 0 --deadline 10m --close-rest | drain backend web/web-1 DrainPlan[ratePerSecond=50.0, jitterPercent=0, deadline=Optional[PT10M], closeRest=true]
            backend drain web web-1 --cancel               | cancel backend web/web-1
            backend enable web web-1                       | change web/web-1 Optional[READY] Optional.empty
            backend maintenance web web-1                  | change web/web-1 Optional[MAINTENANCE] Optional.empty
            backend weight web web-1 7                     | change web/web-1 Optional.empty Optional[7]
            backend reset web web-1                        | reset web/web-1
            pool fail-back web --rate 50/s                 | drain fail-back web DrainPlan[ratePerSecond=50.0, jitterPercent=20, deadline=Optional.empty, closeRest=false]
            service enable web                             | service web true
            service disable web                            | service web false
            connections list --pool web --backend web-1 --limit 5 | connections ConnectionFilter[id=Optional.empty, service=Optional.empty, pool=Optional[web], backend=Optional[web-1], client=Optional.empty] 5
            connections kill --client 10.0.0.0/8           | kill ConnectionFilter[id=Optional.empty, service=Optional.empty, pool=Optional.empty, backend=Optional.empty, client=Optional[10.0.0.0/8]]
            connections kill --id 42                       | kill ConnectionFilter[id=Optional[42], service=Optional.empty, pool=Optional.empty, backend=Optional.empty, client=Optional.empty]
            connections kill --all                         | kill ConnectionFilter[id=Optional.empty, service=Optional.empty, pool=Optional.empty, backend=Optional.empty, client=Optional.empty]
            drain --rate 500/s                             | drain forwarder DrainPlan[ratePerSecond=500.0, jitterPercent=20, deadline=Optional.empty, closeRest=false]
            """)
    void shouldOrderWhatTheCommandSays(String line, String asked) {
        assertEquals(0, run(line), err::toString);
        assertEquals(List.of(asked), admin.operations.asked);
        assertEquals("", err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            backend remove web other             | 1 | no backend 'other' in pool 'web'
            backend add web a:1 --id web-1       | 1 | pool 'web' has a backend 'web-1' already
            backend add web a:1 --weight 1001    | 1 | weight must be a whole number from 0 to 1000
            backend drain web web-1 --rate fast  | 1 | rate must be a rate such as 500/s or 90/m
            pool show nil                        | 1 | no pool 'nil'
            connections kill                     | 1 | say which connections, or all=true and nothing else
            drain --cancel                       | 1 | there is no drain of the forwarder
            backend weight web web-1 much        | 2 | 'much' is not an int
            status --timeout 5                   | 2 | '5' is no duration such as 500ms, 30s or 5m
            """)
    void shouldSayWhyNotAndEndWithACode(String line, int code, String message) {
        assertEquals(code, run(line));
        assertTrue(err.toString().contains(message), err::toString);
        assertEquals("", out.toString());
        assertEquals(List.of(), admin.operations.asked);
    }

    @Test
    void shouldShowStatusForPeople() {
        assertEquals(0, run("status"));
        List<String> lines = out.toString().lines().toList();
        assertEquals("running for 1d 1h, 3 connections, 12 of 15000 sessions, 2 workers, table 7", lines.get(0));
        assertTrue(lines.get(1).startsWith("file /etc/penstock/forwarder.yaml: applied "), lines.get(1));
        assertTrue(lines.get(1).endsWith(" ago (api); reloads: 4 applied, 1 refused"), lines.get(1));
        assertEquals(
                List.of(
                        "takes a restart",
                        "  workers",
                        "differs from the file",
                        "  pool web: backend web-1: weight 1, file 2",
                        "services",
                        "  SERVICE  PROTO  LISTEN        POOL  STATE    OPEN  ACCEPTED",
                        "  web      tcp    192.0.2.1:80  web   enabled     3      1000",
                        "  dns      udp    192.0.2.1:53  web   enabled    12       500",
                        "pool web (maglev), 5 waiting"),
                lines.subList(2, 11));
        assertTrue(lines.get(12).contains("web-1    10.0.0.1:80  up (check)"), lines.get(12));
        assertTrue(lines.get(12).endsWith("3        1       56461  file      weight 1, file 2"), lines.get(12));
        assertTrue(lines.get(13).endsWith("0        0           -  operator  -"), lines.get(13));
        assertEquals("drains", lines.get(14));
        assertTrue(lines.get(16).contains("backend web/web-2  running"), lines.get(16));
        assertTrue(lines.get(16).endsWith("100      40     10    50  1m 30s"), lines.get(16));
    }

    @Test
    void shouldShowConnectionsForPeople() {
        assertEquals(0, run("connections list"));
        assertEquals("""
                ID  PROTO  SERVICE  CLIENT              BACKEND    STATE      AGE  IDLE  TO BACKEND  TO CLIENT
                42  tcp    web      198.51.100.7:40000  web/web-1  relaying  1.5s  0.2s    10.0 KiB    2.9 MiB
                """, out.toString());
    }

    @Test
    void shouldShowPools() {
        assertEquals(0, run("pool list"));
        assertEquals("""
                POOL  POLICY  BACKENDS  UP  OPEN  WAITING
                web   maglev         2   1     3        5
                """, out.toString());
    }

    @Test
    void shouldPrintJsonAsTheServerSaysIt() throws Exception {
        assertEquals(0, run("status --json"));
        assertEquals(
                "running",
                Json.parse(out.toString()).getAsJsonObject().get("state").getAsString());
    }

    @Test
    void shouldPrintProblemsOfARefusedFile() {
        admin.operations.reload = new ReloadResult(
                FakeOperations.STARTED, "api", false, List.of(), List.of("f.yaml:1:1: workers: too many"), List.of());
        assertEquals(1, run("reload"));
        assertEquals("""
                l4-forwarder: the configuration was refused and nothing changed
                  f.yaml:1:1: workers: too many
                """, err.toString());
        assertEquals(0, run("status"));
        assertTrue(out.toString().contains(": REFUSED "), out::toString);
        assertTrue(out.toString().contains("refused because\n  f.yaml:1:1: workers: too many\n"), out::toString);
    }

    @Test
    void shouldFindTheServerByItsFile() throws Exception {
        Path file = Files.writeString(
                directory.resolve("f.yaml"), "workers: wrong\nadmin: { listen: \"" + admin.address() + "\" }\n");
        assertEquals(0, execute("status", "-c", file.toString()), err::toString);
        assertTrue(out.toString().startsWith("running for "), out::toString);
    }

    @Test
    void shouldSayWhenTheFileNamesNoServer() throws Exception {
        Path file = Files.writeString(directory.resolve("f.yaml"), "workers: 1\n");
        assertEquals(2, execute("status", "-c", file.toString()));
        assertTrue(err.toString().contains("has no key 'admin'"), err::toString);
    }

    @Test
    void shouldSayWhenNobodyAnswers() {
        assertEquals(3, execute("status", "--admin", "unix:" + directory.resolve("none")));
        assertEquals(
                "l4-forwarder: no answer from unix:" + directory.resolve("none") + ": No such file or directory\n",
                err.toString());
    }

    @Test
    void shouldNotLetNamesSteerTheTerminal() {
        assertEquals("a?[2Jb", Table.printable("a\u001b[2Jb"));
    }
}
