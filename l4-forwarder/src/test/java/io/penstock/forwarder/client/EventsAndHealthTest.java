package io.penstock.forwarder.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.EventSink;
import io.penstock.cli.ProgramNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Timeout(60)
class EventsAndHealthTest {
    @Command(
            name = "l4-forwarder",
            subcommands = {EventsCommand.class, HealthCommand.class, ConfigCommand.class})
    private static final class Main {}

    private static final String PAST = "{\"events\": [" + ScriptedForwarder.EVENT.formatted(1, "info") + ","
            + ScriptedForwarder.EVENT.formatted(2, "warn") + "], \"lastId\": 7}";
    private static final String LINE =
            "2026-11-22T04:00:0%1$d.123Z  %2$-5s  backend     web/web-%1$d: up to down: check failed";

    private static final String NOT_SERVED = """
            {"vip": "192.0.2.10", "served": false, "state": "not-served", "reason": "web: no backend is up",
             "services": [{"name": "web", "protocol": "tcp", "listen": ["192.0.2.10:80"], "state": "not-served", "pool": "web",
               "backendsUp": 0, "backends": 2, "reason": "no backend is up"}]}""";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(ScriptedForwarder forwarder, Writer to, String line) {
        return new CommandLine(new Main())
                .setResourceBundle(new ProgramNames("forwarder", "PENSTOCK_ADMIN"))
                .setOut(new PrintWriter(to))
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(
                                Stream.of(line.split(" ", -1)),
                                Stream.of("--admin", forwarder.address().toString()))
                        .toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            events                                        | events {follow=false, limit=50}
            events -n 7                                   | events {follow=false, limit=7}
            events --since 41                             | events {follow=false, limit=4096, since=41}
            events --since 10m                            | events {follow=false, limit=4096}
            events --level warn                           | events {follow=false, limit=50, level=warn}
            events --type backend,pool --subject web/a&b  | events {follow=false, limit=50, type=backend,pool, subject=web/a&b}
            """)
    void shouldAskForWhatIsWanted(String line, String asked) throws Exception {
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 200, "{\"events\": []}")) {
            assertEquals(0, run(forwarder, out, line), err::toString);
            assertEquals(List.of(asked), forwarder.asked);
            assertEquals("", out.toString());
        }
    }

    @Test
    void shouldPrintALineForEachEvent() throws Exception {
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 200, PAST)) {
            assertEquals(0, run(forwarder, out, "events"));
            assertEquals(LINE.formatted(1, "info") + "\n" + LINE.formatted(2, "warn") + "\n", out.toString());
            out.getBuffer().setLength(0);
            assertEquals(0, run(forwarder, out, "events --since 1s"));
            assertEquals("", out.toString());
            assertEquals(0, run(forwarder, out, "events -o json"));
            assertEquals(2, out.toString().lines().count());
            assertTrue(out.toString().startsWith("{\"id\":1,\"at\":"), out::toString);
        }
    }

    @Test
    void shouldFollowFromTheLastEventOnAcrossStreamsThatEnd() throws Exception {
        PipedReader reader = new PipedReader();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 200, PAST);
                PipedWriter writer = new PipedWriter(reader);
                BufferedReader lines = new BufferedReader(reader)) {
            Future<Integer> code = executor.submit(() -> run(forwarder, writer, "events --follow --type backend"));
            assertEquals(LINE.formatted(1, "info"), lines.readLine());
            assertEquals(LINE.formatted(2, "warn"), lines.readLine());
            EventSink first = forwarder.streams.take();
            first.trySend(ScriptedForwarder.event(8, "error"));
            assertEquals(LINE.formatted(8, "error"), lines.readLine());
            first.close();

            EventSink second = forwarder.streams.take();
            second.trySend(ScriptedForwarder.event(9, "info"));
            assertEquals(LINE.formatted(9, "info"), lines.readLine());
            assertEquals("stream {type=backend} after 7", forwarder.asked.get(1));
            assertEquals("stream {type=backend} after 8", forwarder.asked.get(2));

            reader.close();
            second.trySend(ScriptedForwarder.event(5, "info"));
            second.close();
            assertEquals(0, code.get(), "nobody reads any more");
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "events --level loud, 'loud' is none of info",
        "events --since soon, neither a time such as 10m nor the number",
        "health --vips --pool web, mutually exclusive"
    })
    void shouldRefuseWrongWords(String line, String message) throws IOException {
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 200, PAST)) {
            assertEquals(2, run(forwarder, out, line));
            assertTrue(err.toString().contains(message), err::toString);
            assertEquals(List.of(), forwarder.asked);
        }
    }

    @Test
    void shouldSayWhyItIsRefused() throws IOException {
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 400, "{\"error\": \"no such type\"}")) {
            assertEquals(1, run(forwarder, out, "events --follow"));
            assertEquals(1, run(forwarder, out, "health"));
            assertEquals("l4-forwarder: no such type\nl4-forwarder: no such type\n", err.toString());
        }
    }

    @Test
    void shouldShowWhoIsNotServedAndEndWithOne() throws IOException {
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 503, NOT_SERVED)) {
            assertEquals(1, run(forwarder, out, "health --vip 192.0.2.10 --any"));
            assertEquals(List.of("vip 192.0.2.10 {any=true}"), forwarder.asked);
            assertEquals("""
                    192.0.2.10: not-served: web: no backend is up
                      SERVICE  PROTO  LISTEN         STATE       POOL  UP  BACKENDS  REASON
                      web      tcp    192.0.2.10:80  not-served  web    0         2  no backend is up
                    """, out.toString());
            assertEquals("", err.toString());
        }
        out.getBuffer().setLength(0);
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 200, "{\"vips\": [" + NOT_SERVED + "]}")) {
            assertEquals(0, run(forwarder, out, "health --vips"));
            assertEquals("""
                    VIP         STATE       SERVICES  REASON
                    192.0.2.10  not-served  web       web: no backend is up
                    """, out.toString());
        }
    }

    @Test
    void shouldShowTheConfigurationAsYaml() throws IOException {
        String config = """
                {"file": "f.yaml", "differences": ["pool web: backend a: weight 2, file 1"], "config": {"workers": 2,
                  "warm-up": true, "pools": {"web": {"backends": [{"id": "a", "weight": 2, "zone": "x: y\\u001b"}, "b:80"]}}}}""";
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 200, config)) {
            assertEquals(0, run(forwarder, out, "config show"));
            assertEquals("""
                    # f.yaml, as it runs
                    # differs: pool web: backend a: weight 2, file 1
                    workers: 2
                    warm-up: true
                    pools:
                      web:
                        backends:
                        - id: a
                          weight: 2
                          zone: 'x: y?'
                        - b:80
                    """, out.toString());
        }
    }

    @Test
    void shouldShowWhatTheChecksSaw() throws IOException {
        String pools = """
                {"pools": [{"name": "web", "state": "degraded", "reason": "", "backendsUp": 1, "panic": true, "backends": [
                   {"id": "web-1", "address": "10.0.0.1:80", "state": "down", "reason": "check", "evidence": "connection refused",
                    "checks": [{"name": "tcp", "result": "failure", "evidence": "connection refused"}]},
                   {"id": "web-2", "address": "10.0.0.2:80", "state": "up", "reason": ""}]},
                 {"name": "other", "backends": []}]}""";
        try (ScriptedForwarder forwarder = new ScriptedForwarder(directory, 200, pools)) {
            assertEquals(0, run(forwarder, out, "health --pool web"));
            assertEquals("""
                    pool web: degraded, 1 of 2 backends up, health is ignored as too few are
                      BACKEND  ADDRESS      STATE  FOR  REASON  SEEN THEN           LAST CHECKS
                      web-1    10.0.0.1:80  down   -    check   connection refused  tcp failure - ago (connection refused)
                      web-2    10.0.0.2:80  up     -    -       -                   -
                    """, out.toString());
            assertFalse(out.toString().contains("other"));
        }
    }
}
