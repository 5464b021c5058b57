package io.penstock.health.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.health.Probe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code exec} of a check. */
final class ExecReader {
    /** One line is shown; the rest only keeps the program from blocking. */
    static final int OUTPUT_MAX_BYTES = 4096;

    private ExecReader() {}

    static Probe read(ConfigSection exec) {
        List<ConfigValue> words = exec.required("command").stream()
                .flatMap(value -> value.itemsOrOne("a program, or a list of a program and its arguments").stream())
                .toList();
        List<String> command =
                words.stream().flatMap(word -> word(word).stream()).toList();
        if (exec.isSound("command") && !words.isEmpty()) {
            checkProgram(words.get(0), command.get(0));
        }
        return ProbeReader.ifSound(exec, () -> new Probe.Exec(command, OUTPUT_MAX_BYTES));
    }

    private static Optional<String> word(ConfigValue value) {
        return value.text("text").filter(text -> {
            if (text.indexOf(0) >= 0) {
                value.problem("must not have a NUL character");
                return false;
            }
            return true;
        });
    }

    private static void checkProgram(ConfigValue value, String program) {
        if (!program.startsWith("/")) {
            value.problem("must be the absolute path of a program");
        } else if (!Files.isRegularFile(Path.of(program)) || !Files.isExecutable(Path.of(program))) {
            value.problem("must name a program that can be executed");
        }
    }
}
