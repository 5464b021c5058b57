package io.penstock.forwarder.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.penstock.config.ConfigProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
    private static final byte[] EXAMPLE = example();

    @AfterContainer
    static void close() {
        CONFIG.close();
    }

    @Property(tries = 500)
    void shouldOnlyReportProblemsWhenBytesAreArbitrary(@ForAll byte[] bytes) {
        readSoon(bytes);
    }

    @Property(tries = 1500)
    void shouldOnlyReportProblemsWhenTextLooksLikeYaml(@ForAll("yamlish") String text) {
        readSoon(text.getBytes(UTF_8));
    }

    @Property(tries = 1500)
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

    /** What the engine of regular expressions makes of it, in time and memory too, is the reader's to answer for. */
    @Property(tries = 1500)
    void shouldOnlyReportProblemsWhenRegexIsArbitrary(@ForAll("regexish") String regex) {
        String quoted = regex.replace("\\", "\\\\").replace("\"", "\\\"");
        readSoon("""
                services: { web: { listen: "*:80" } }
                pools:
                  web:
                    health: { http: { body: { regex: "%s" } } }
                    backends: ["10.0.0.1:80"]
                """.formatted(quoted).getBytes(UTF_8));
    }

    @Provide
    Arbitrary<String> regexish() {
        return Arbitraries.of(
                        "a",
                        "é",
                        ".",
                        "(",
                        "((((((((",
                        ")",
                        "))))))))",
                        "(?:",
                        "(?i)",
                        "(?P<x>",
                        "[",
                        "[^",
                        "[:alpha:]",
                        "]",
                        "{",
                        "{1000}",
                        "{30,}",
                        "{0,99}",
                        "}",
                        ",",
                        "9",
                        "*",
                        "+",
                        "?",
                        "|",
                        "^",
                        "$",
                        "\\",
                        "\\d",
                        "\\pL",
                        "\\x{",
                        "\\Q",
                        "\\E",
                        "\\b",
                        "-",
                        "z")
                .list()
                .ofMaxSize(200)
                .map(list -> String.join("", list));
    }

    @Provide
    Arbitrary<String> yamlish() {
        List<String> tokens = List.of(
                "a",
                "services",
                "pools",
                "web",
                "listen",
                "health",
                "checks",
                "regex",
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
                "!<x> ",
                "%YAML 1.2\n",
                "%YAML 9999999999.1\n",
                "%TAG ! x\n",
                "---\n",
                "...\n",
                "? ",
                "|",
                "|9\n",
                ">-\n",
                "\"",
                "'",
                "\"\\x4",
                "\\uD800",
                "\"\\UFFFFFFFF\"",
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
                "\r");
        return Arbitraries.of(tokens).list().ofMaxSize(25).map(list -> String.join("", list));
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

    private static byte[] example() {
        try {
            return Files.readAllBytes(TemporaryConfig.SHARE.resolve("forwarder.example.yaml"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
