package io.penstock.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code command}: a program and its arguments, which are run without a shell. */
public final class CommandWords {
    /** Of a process that was given none. */
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private CommandWords() {}

    /** A program by its absolute path; reports what is wrong. */
    public static List<String> readAbsolute(ConfigSection section) {
        return read(section, CommandWords::checkAbsolute);
    }

    /** A program by its absolute path, or by its name in a directory of PATH; reports what is wrong. */
    public static List<String> read(ConfigSection section) {
        return read(section, CommandWords::check);
    }

    /** Reports what is wrong with a program. */
    private interface ProgramRule {
        void check(ConfigValue value, String program);
    }

    private static List<String> read(ConfigSection section, ProgramRule rule) {
        List<ConfigValue> values = section.required("command").stream()
                .flatMap(value -> value.itemsOrOne("a program, or a list of a program and its arguments").stream())
                .toList();
        List<String> words = new ArrayList<>();
        values.forEach(value -> word(value).ifPresent(words::add));
        if (section.isSound("command") && !words.isEmpty()) {
            rule.check(values.get(0), words.get(0));
        }
        return words;
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

    private static void checkAbsolute(ConfigValue value, String program) {
        if (!program.startsWith("/")) {
            value.problem("must be the absolute path of a program");
        } else if (!isExecutable(Path.of(program))) {
            value.problem("must name a program that can be executed");
        }
    }

    private static void check(ConfigValue value, String program) {
        if (program.startsWith("/")) {
            checkAbsolute(value, program);
        } else if (program.indexOf('/') >= 0) {
            value.problem("must be the absolute path of a program, or its name in PATH");
        } else if (directories().noneMatch(directory -> isExecutable(Path.of(directory, program)))) {
            value.problem("must name a program that is in a directory of PATH and can be executed");
        }
    }

    private static Stream<String> directories() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse(USUAL_PATH);
        return Stream.of(path.split(":", -1)).filter(directory -> directory.startsWith("/"));
    }

    private static boolean isExecutable(Path program) {
        return Files.isRegularFile(program) && Files.isExecutable(program);
    }
}
