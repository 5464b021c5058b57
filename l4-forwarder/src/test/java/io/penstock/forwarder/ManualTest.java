package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Manual pages and completion as the build makes them, by the programs that read them. */
@Timeout(120)
class ManualTest {
    @TempDir
    private Path share;

    @BeforeEach
    void write() throws IOException {
        ManualMain.main(new String[] {share.toString(), "1.2.3"});
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(share.resolve("man/man1"))) {
            return files.sorted().toList();
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("MANWIDTH", "80");
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static void addNames(CommandLine command, Set<String> names) {
        if (!command.getCommandSpec().helpCommand()) {
            names.add(command.getCommandSpec().qualifiedName("-") + ".1");
            command.getSubcommands().values().forEach(sub -> addNames(sub, names));
        }
    }

    @Test
    void shouldHaveAPageForEveryCommand() throws IOException {
        Set<String> names = new TreeSet<>();
        addNames(ForwarderMain.commandLine(), names);
        assertEquals(
                names,
                pages().stream()
                        .map(page -> page.getFileName().toString())
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertTrue(names.contains("l4-forwarder-backend-add.1"), names::toString);
    }

    @Test
    void shouldBeTypesetWithoutAWarning() throws Exception {
        Tools.assume("groff");
        for (Path page : pages()) {
            Path rendered = share.resolve("rendered");
            String warnings = run("sh", "-c", "groff -ww -t -man -Tutf8 '" + page + "' 2>&1 >" + rendered);
            assertEquals("", warnings, page.toString());
        }
    }

    @Test
    void shouldReadAsAManualPageDoes() throws Exception {
        Tools.assume("man", "groff");
        String text = run(
                "man",
                "--warnings=w",
                "-l",
                share.resolve("man/man1/l4-forwarder-events.1").toString());
        for (String part : List.of(
                "l4-forwarder-events - shows what happened in a running forwarder",
                "-n, --limit=COUNT",
                "EXIT STATUS",
                "jq -c 'select(.subject == \"web/web-1\")'",
                "l4-forwarder(1)",
                "Penstock 1.2.3")) {
            assertTrue(text.contains(part), () -> part + " in\n" + text);
        }
    }

    @Test
    void shouldWriteTheSameTwice() throws IOException {
        Path page = share.resolve("man/man1/l4-forwarder.1");
        Path completion = share.resolve("bash-completion/completions/l4-forwarder");
        String first = Files.readString(page) + Files.readString(completion);
        write();
        assertEquals(first, Files.readString(page) + Files.readString(completion));
        assertFalse(first.contains(share.toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "ev, events",
        "backend dr, drain",
        "status --out, --output",
        "status --output j, json",
        "top --sort fi, first-byte",
        "events --type ov, override"
    })
    void shouldCompleteInBash(String typed, String completed) throws Exception {
        Path script = share.resolve("bash-completion/completions/l4-forwarder");
        String said = run("bash", "-c", """
                source '%s'
                COMP_WORDS=(l4-forwarder %s)
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}
                COMPREPLY=()
                function="$(complete -p l4-forwarder | sed 's/.* -F \\([^ ]*\\) .*/\\1/')"
                "$function" l4-forwarder "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(script, typed));
        assertTrue(said.lines().map(String::strip).anyMatch(completed::equals), said);
    }
}
