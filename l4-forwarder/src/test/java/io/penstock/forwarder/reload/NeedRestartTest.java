package io.penstock.forwarder.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.config.ForwarderConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that a reload cannot change are named, each by its key. */
class NeedRestartTest {
    private static final ForwarderConfig STARTED = LiveForwarder.read(LiveForwarder.YAML);

    private static final List<String> LINES = List.of(
            "workers: 3",
            "splice: none",
            "warm-up: none",
            "watch: auto",
            "admin: { listen: \"127.0.0.1:9080\" }",
            "take-over: { socket: /run/penstock/forwarder.sock }",
            "user: root",
            "metrics: { latencies: none }");

    private static List<String> needRestart(String line) {
        return ConfigChanges.needRestart(STARTED, LiveForwarder.read(line + "\n" + LiveForwarder.YAML));
    }

    private static String key(String line) {
        return line.substring(0, line.indexOf(':'));
    }

    @Test
    void shouldNameEachSettingThatNeedsOne() {
        for (String line : LINES) {
            assertEquals(List.of(key(line)), needRestart(line));
        }
        assertEquals(
                LINES.stream().map(NeedRestartTest::key).collect(Collectors.toSet()),
                Set.copyOf(needRestart(String.join("\n", LINES))));
    }

    @Test
    void shouldNameThoseOfWhichTheReferenceSaysSo() throws Exception {
        Path reference = Path.of(System.getProperty("basedir", ".")).resolve("README.md");
        Pattern row = Pattern.compile("^\\| `([a-z-]+)` \\|.* Needs a restart\\.");
        Set<String> documented = Files.readAllLines(reference).stream()
                .map(row::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toSet());
        Set<String> known = LINES.stream().map(NeedRestartTest::key).collect(Collectors.toSet());
        known.addAll(Set.of("name", "entries"));
        assertEquals(known, documented, "and those of xdp, below");
    }

    @Test
    void shouldNameThoseOfPackets() {
        ForwarderConfig started = LiveForwarder.read("xdp: { interfaces: eth0 }\n" + LiveForwarder.YAML);
        ForwarderConfig file = LiveForwarder.read(
                "xdp: { interfaces: eth1, name: other, lease: 5s, flow-table: { entries: 2048, new-flows: none } }\n"
                        + LiveForwarder.YAML);

        assertEquals(List.of("xdp.name", "xdp.flow-table.entries"), ConfigChanges.needRestart(started, file));
        assertEquals(List.of(), ConfigChanges.needRestart(started, started));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"drain-timeout: 7s", "drain-rate: 7/s", "limits: { connections: 7 }", "place: { zone: here }"})
    void shouldNotNameWhatAReloadApplies(String line) {
        assertEquals(List.of(), needRestart(line));
    }
}
