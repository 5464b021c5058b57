package io.penstock.perf.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.perf.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class MicroTest {
    private final StringWriter out = new StringWriter();
    private final CommandLine command =
            new CommandLine(new Micro()).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));

    static {
        // A build that runs beside another, or beside a measurement, may use JMH too.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void shouldYieldARowWhenOneBenchmarkRunsQuickly(@TempDir Path directory) throws IOException {
        Path json = directory.resolve("micro.json");

        assertEquals(0, command.execute("^EventToken.encode$", "--quick", "--json", json.toString()), out::toString);

        assertTrue(out.toString().lines().anyMatch(line -> line.matches("EventToken.encode .* ok")), out::toString);
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        assertEquals(2, rows.size());
        assertEquals("EventToken.encode.time", rows.get(0).get("name").asText());
        assertTrue(rows.get(0).get("value").asDouble() > 0);
        assertEquals("EventToken.encode.allocated", rows.get(1).get("name").asText());
    }

    @Test
    void shouldSaySoWhenNoBenchmarkHasTheName() {
        assertEquals(CommandLine.ExitCode.USAGE, command.execute("nosuch", "--quick"));
    }

    @Test
    void shouldBreakThePromiseWhenOneOperationInAThousandAllocates() {
        Sample empty = new Sample(0.3, 0.3, 0.3, 1, 2e9, 6_000);
        Sample clean = new Sample(10_000, 9_000, 11_000, 3, 600_000, 18_200);
        Sample dirty = new Sample(10_000, 9_000, 11_000, 3, 600_000, 18_200 + 600 * 16);
        Figures figures = new Figures();

        Promise promise = Promise.of("Some.operation");
        assertTrue(promise.judge("clean", clean.ns(), clean.allocatedPerOperation(empty), figures));
        assertFalse(promise.judge("dirty", dirty.ns(), dirty.allocatedPerOperation(empty), figures));
        assertEquals(1, figures.exitCode());
    }

    @Test
    void shouldBreakThePromiseWhenTablesOrPicksOfMaglevAreLate() {
        Figures figures = new Figures();
        assertTrue(Promise.of("Policy.pick.maglev.1000").judge("pick", 20, 0, figures));
        assertTrue(Promise.of("Policy.pick.random.1000").judge("other pick", 1e6, 0, figures));
        assertTrue(Promise.of("PolicyTable.maglev65537").judge("table", 10e6, 1e6, figures));
        assertTrue(Promise.of("PolicyTable.maglev655373").judge("large table", 100e6, 1e7, figures));
        assertTrue(Promise.of("ClientList.ipv4").judge("list", 50, 0, figures));
        assertTrue(Promise.of("Admission.admitRelease").judge("admission", 100, 0, figures));
        assertEquals(0, figures.exitCode());

        assertFalse(Promise.of("ClientList.mixed").judge("late", 50.1, 0, new Figures()));
        assertFalse(Promise.of("Admission.admitRelease").judge("late", 100.1, 0, new Figures()));
        assertFalse(Promise.of("Policy.pick.maglev.1000").judge("late", 20.1, 0, new Figures()));
        assertFalse(Promise.of("Policy.pick.random.1000").judge("dirty", 1, 0.02, new Figures()));
        assertFalse(Promise.of("PolicyTable.maglev65537").judge("late", 10.1e6, 0, new Figures()));
        assertFalse(Promise.of("PolicyTable.maglev655373").judge("late", 101e6, 0, new Figures()));
    }
}
