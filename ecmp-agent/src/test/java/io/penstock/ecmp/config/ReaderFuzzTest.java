package io.penstock.ecmp.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.penstock.config.ConfigProblem;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever the bytes: records or problems, soon, and never another exception. */
class ReaderFuzzTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final TemporaryConfig CONFIG = new TemporaryConfig();
    private static final byte[] EXAMPLE =
            SchemaDocument.shipped("ecmp-agent.example.yaml").getBytes(UTF_8);

    @AfterContainer
    static void close() {
        CONFIG.close();
    }

    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenBytesAreArbitrary(@ForAll byte[] bytes) {
        readSoon(bytes);
    }

    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenTextLooksLikeYaml(@ForAll("yamlish") String text) {
        readSoon(text.getBytes(UTF_8));
    }

    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenExampleIsDamaged(
            @ForAll @IntRange(max = 100_000) int at,
            @ForAll @IntRange(max = 40) int removed,
            @ForAll("yamlish") String inserted) {
        int from = at % EXAMPLE.length;
        int to = Math.min(EXAMPLE.length, from + removed);
        byte[] middle = inserted.getBytes(UTF_8);
        byte[] damaged = Arrays.copyOf(EXAMPLE, from + middle.length + EXAMPLE.length - to);
        System.arraycopy(middle, 0, damaged, from, middle.length);
        System.arraycopy(EXAMPLE, to, damaged, from + middle.length, EXAMPLE.length - to);

        readSoon(damaged);
    }

    /** Addresses, prefixes and servers: whatever stands in their places. */
    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenAddressesAreArbitrary(@ForAll("addressish") String text) {
        readSoon("""
                vips: { web: { address: "%s", health: { forwarder: "%s" } } }
                routes: { web: { prefix: "%s", legs: ["%s", { via: "%s", health: { address: "%s", port: 1 } }] } }
                """.replace("%s", text).getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> addressish() {
        return Arbitraries.of(
                        "0",
                        "1",
                        "10",
                        "255",
                        "256",
                        "192.0.2.10",
                        ".",
                        ":",
                        "::",
                        "fe80",
                        "2001:db8",
                        "ffff",
                        "/",
                        "/32",
                        "/128",
                        "/999999999999",
                        "http://",
                        "https://",
                        "unix:",
                        "[",
                        "]",
                        ":80",
                        "%eth0",
                        " ",
                        "-",
                        "*")
                .list()
                .ofMaxSize(8)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> yamlish() {
        return Arbitraries.of(
                        "a",
                        "vips",
                        "routes",
                        "web",
                        "legs",
                        "health",
                        "group",
                        "10%",
                        "5",
                        "1s",
                        ": ",
                        ":",
                        "- ",
                        "-",
                        "\n",
                        "\n  ",
                        "\n    ",
                        "\t",
                        "[",
                        "]",
                        "{",
                        "}",
                        ",",
                        ", ",
                        "&a ",
                        "*a",
                        "*",
                        "!",
                        "!!int ",
                        "%YAML 1.2\n",
                        "---\n",
                        "...\n",
                        "? ",
                        "|",
                        ">-\n",
                        "\"",
                        "'",
                        "\"\\x4",
                        "\"\\0\"",
                        "#",
                        " #c\n",
                        "<<: ",
                        "~",
                        "null",
                        "0x",
                        "@",
                        "`",
                        "\u0085",
                        "\u2028",
                        "\ufeff",
                        "é",
                        "😀",
                        "\r")
                .list()
                .ofMaxSize(25)
                .map(list -> String.join("", list));
    }

    private static void readSoon(byte[] bytes) {
        List<ConfigProblem> problems = assertTimeoutPreemptively(SOON, () -> CONFIG.problems(bytes));
        for (ConfigProblem problem : problems) {
            assertFalse(
                    problem.line() < 1
                            || problem.column() < 1
                            || problem.toString().lines().count() != 1,
                    problem::toString);
        }
    }
}
