package io.penstock.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ConfigFileTest {
    @TempDir
    private Path directory;

    @Test
    void shouldReadValuesWhenFileIsRight() throws IOException {
        List<Object> read = new ArrayList<>();

        ConfigFile.read(
                write("count: 0x10\nwait: 2m\nmode: fast\nlist: [a, b]\none: c\nnames: { x: { text: y } }\n"), root -> {
                    read.add(root.integer("count", 1, 0, 20));
                    read.add(root.integer("absent", 7, 0, 20));
                    read.add(root.duration("wait", Duration.ZERO, Duration.ZERO, Duration.ofHours(1)));
                    read.add(root.oneOf("mode", Map.of("fast", 1, "slow", 2), 3));
                    root.required("list")
                            .orElseThrow()
                            .itemsOrOne("a list")
                            .forEach(item -> read.add(item.text("text").orElseThrow()));
                    root.required("one").orElseThrow().itemsOrOne("a list").forEach(item -> read.add(item.key()));
                    root.required("names").orElseThrow().named("names").forEach(entry -> entry.value()
                            .section(section -> {
                                read.add(entry.name() + "="
                                        + section.required("text").orElseThrow().key());
                                return section;
                            }));
                    return read;
                });

        assertEquals(List.of(16, 7, Duration.ofMinutes(2), 1, "a", "b", "one", "x=names.x.text"), read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                           | 1:1: document: must hold a configuration (was an empty file)
            `# only a comment\\n`        | 1:1: document: must hold a configuration (was an empty file)
            `---\\n`                     | 2:1: document: must be a mapping of keys to values (was nothing)
            `[a]`                        | 1:1: document: must be a mapping of keys to values (was a list)
            `text: a\\n---\\ntext: b\\n` | 2:1: document: must be one document (was a second document)
            `a: 1\\n\\tb: 2\\n`          | 2:1: document: YAML is indented with spaces, never with tabs (was a tab)
            `text: &x [*x]`              | 1:11: document: an alias must not contain itself (was *x)
            `text: *nobody`              | 1:7: document: an alias must name an earlier &anchor (was *nobody)
            `text: !!str a`              | 1:7: document: must not use YAML tags (was tag:yaml.org,2002:str)
            `[a]: b`                     | 1:1: document: a key must be a word; quote text that starts with [ or { (was a list or mapping)
            `text: a\\ntext: b\\n`       | 2:1: text: duplicate key, first at line 1 (was text)
            `text: a\\n<<: b\\n`         | 2:1: <<: merge keys are not supported (was <<)
            `text: a\\ntxet: b\\n`       | 2:1: txet: unknown key, did you mean 'text'? (was txet)
            `text: a\\nother: b\\n`      | 2:1: other: unknown key, known here: text (was other)
            `other: b\\n`                | 1:1: other: unknown key, known here: text (was other)
            `text: yes\\n"te\\\\nxt": 1` | 2:1: te xt: unknown key, did you mean 'text'? (was te xt)
            """)
    void shouldReportPositionWhenDocumentIsWrong(String yaml, String problem) throws IOException {
        List<String> problems =
                problems(yaml.replace("\\n", "\n").replace("\\t", "\t").replace("\\\n", "\\n"));

        assertEquals(problem, problems.get(0));
    }

    @Test
    void shouldPointAtProblemWhenSyntaxIsBroken() throws IOException {
        List<String> problems = problems("text: a\nb: [1, 2\nc: 3\n");

        assertEquals(1, problems.size());
        assertTrue(
                problems.get(0).startsWith("3:2: document: not YAML: while parsing a flow sequence"),
                problems::toString);
    }

    @Test
    void shouldReportWhenParserGivesUpWithoutPosition() throws IOException {
        List<String> problems = problems("text: \"\\UFFFFFFFF\"");

        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("1:1: document: must be YAML (was a file the parser gave up on"));
    }

    @Test
    void shouldReportAllSortedWhenReadOutOfOrder() throws IOException {
        Path file = write("a: x\nb: x\n");

        InvalidConfigException invalid = assertThrows(
                InvalidConfigException.class,
                () -> ConfigFile.read(file, root -> root.integer("b", 0, 1, 2) + root.integer("a", 0, 1, 2)));

        assertEquals(
                List.of("a", "b"),
                invalid.problems().stream().map(ConfigProblem::key).toList());
        assertEquals(file + ": 2 problems", invalid.getMessage());
        assertEquals(
                file + ":1:4: a: must be a whole number from 1 to 2 (was x)",
                invalid.problems().get(0).toString());
    }

    @Test
    void shouldReportWhenBytesAreNotUtf8() throws IOException {
        assertEquals(
                List.of("2:4: document: must be UTF-8 text (was byte 0xe9)"),
                problems("a: b\nc: é\n".getBytes(ISO_8859_1)));
        assertEquals(List.of("1:1: document: must be UTF-8 text (was byte 0xfe)"), problems("a: b".getBytes(UTF_16)));
    }

    @Test
    void shouldReportWhenTextHoldsControlCharacters() throws IOException {
        assertEquals(
                List.of("2:3: document: must not hold control characters (was U+0007)"), problems("a: b\n😀 \u0007"));
    }

    @Test
    void shouldIgnoreByteOrderMarkWhenFileStartsWithOne() throws IOException {
        assertEquals(List.of(), problems("\ufefftext: a\n"));
    }

    @Test
    void shouldReportWhenFileCannotBeRead() {
        assertEquals(List.of("1:1: document: must exist (was no such file)"), problems(directory.resolve("missing")));
        assertEquals(List.of("1:1: document: must be a file (was a directory)"), problems(directory));
    }

    @Test
    void shouldReportWhenFileIsTooLarge() throws IOException {
        byte[] large = new byte[YamlText.MAX_FILE_BYTES + 1];

        assertEquals(List.of("1:1: document: must be at most 16777216 bytes (was more than that)"), problems(large));
    }

    @Test
    void shouldReportWhenNestingIsDeep() throws IOException {
        assertEquals(
                List.of("1:66: document: must nest at most 64 levels (was deeper)"), problems("[".repeat(1_000_000)));
        assertEquals(
                List.of("1:131: document: must nest at most 64 levels (was deeper)"), problems("- ".repeat(100_000)));
    }

    @Test
    void shouldReportWhenAliasesExpand() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + String.join(", ", Collections.nCopies(10, alias)) + "]\n");
        }
        List<String> problems = problems(bomb.toString());

        assertEquals(1, problems.size());
        assertTrue(problems.get(0).contains("aliases must not repeat more than 1000000 nodes"), problems::toString);
    }

    @Test
    void shouldStopWhenProblemsAreMoreThanAThousand() throws IOException {
        StringBuilder wrong = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            wrong.append("key" + i + ": 1\n");
        }
        List<String> problems = problems(wrong.toString());

        assertEquals(ConfigProblems.MAX_PROBLEMS + 1, problems.size());
        assertEquals(
                "1001:1: document: reading stopped after 1000 problems (was perhaps another file)",
                problems.get(ConfigProblems.MAX_PROBLEMS));
    }

    @Test
    void shouldStaySmallWhenValueIsLong() throws IOException {
        String line = problems("text: a\n" + "\"" + "k".repeat(500) + "\": 1").get(0);

        assertTrue(line.endsWith("kkk...)"), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9", "a ", "\"a\" ", "a, ", "{", "a: b, ", "# ", "&a ", "- a\n", "\n", "'", "a\n ", "%", "? "})
    void shouldFinishSoonWhenFileIsLarge(String repeated) {
        String plain = repeated.repeat((1 << 20) / repeated.length());

        for (String start : List.of("", "text: ", "text: [", "text: {", "text: \"", "text: |\n  ", "text:\n  ")) {
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> problems(start + plain), start);
        }
    }

    private List<String> problems(String yaml) throws IOException {
        return problems(yaml.getBytes(UTF_8));
    }

    private List<String> problems(byte[] yaml) throws IOException {
        return problems(Files.write(directory.resolve("f.yaml"), yaml));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("f.yaml"), yaml);
    }

    /** Of a reader that knows the key {@code text} only, each as {@code line:column: key: rule (was x)}. */
    private static List<String> problems(Path file) {
        try {
            ConfigFile.read(file, root -> root.optional("text").flatMap(value -> value.text("some text")));
            return List.of();
        } catch (InvalidConfigException invalid) {
            return invalid.problems().stream()
                    .map(problem -> problem.toString().substring(file.toString().length() + 1))
                    .toList();
        }
    }
}
