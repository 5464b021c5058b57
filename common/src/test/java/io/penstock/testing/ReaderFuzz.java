package io.penstock.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.penstock.config.ConfigProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever the bytes: records or problems, soon, and never another exception. */
public abstract class ReaderFuzz {
    /** It takes milliseconds; a reader that hangs or explodes would take for ever, and a busy machine stands still for seconds. */
    private static final Duration SOON = Duration.ofSeconds(60);

    /** What YAML is made of, and what its parsers trip over. */
    private static final List<String> YAML = List.of(
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

    /** What addresses, prefixes and servers are made of. */
    protected static final List<String> ADDRESSES = List.of(
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
            "*");

    private final TemporaryConfig<?> config;
    private final byte[] example;
    private final List<String> words;

    /**
     * Of one program.
     *
     * @param example of its configuration
     * @param words that stand in it
     */
    protected ReaderFuzz(TemporaryConfig<?> config, String example, String... words) {
        this.config = config;
        this.example = example.getBytes(UTF_8);
        this.words = List.of(words);
    }

    @Property(tries = 500)
    final void shouldOnlyReportProblemsWhenBytesAreArbitrary(@ForAll byte[] bytes) {
        readSoon(bytes);
    }

    @Property(tries = 1000)
    final void shouldOnlyReportProblemsWhenTextLooksLikeYaml(@ForAll("yamlish") String text) {
        readSoon(text.getBytes(UTF_8));
    }

    @Property(tries = 1000)
    final void shouldOnlyReportProblemsWhenExampleIsDamaged(
            @ForAll @IntRange(max = 100_000) int at,
            @ForAll @IntRange(max = 40) int removed,
            @ForAll("yamlish") String inserted) {
        int from = at % example.length;
        int to = Math.min(example.length, from + removed);
        byte[] middle = inserted.getBytes(UTF_8);
        byte[] damaged = Arrays.copyOf(example, from + middle.length + example.length - to);
        System.arraycopy(middle, 0, damaged, from, middle.length);
        System.arraycopy(example, to, damaged, from + middle.length, example.length - to);

        readSoon(damaged);
    }

    @Provide
    final Arbitrary<String> yamlish() {
        List<String> tokens = new ArrayList<>(YAML);
        tokens.addAll(words);
        return joined(25, tokens);
    }

    /** Texts of up to so many of these. */
    protected static Arbitrary<String> joined(int maxSize, List<String> tokens) {
        return Arbitraries.of(tokens).list().ofMaxSize(maxSize).map(list -> String.join("", list));
    }

    /** Fails unless it is read, or all that is wrong with it is said in one line each. */
    protected final void readSoon(byte[] bytes) {
        List<ConfigProblem> problems = assertTimeoutPreemptively(SOON, () -> config.problems(bytes));
        for (ConfigProblem problem : problems) {
            assertFalse(
                    problem.line() < 1
                            || problem.column() < 1
                            || problem.toString().lines().count() != 1,
                    problem::toString);
        }
    }
}
