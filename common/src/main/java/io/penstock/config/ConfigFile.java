package io.penstock.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The entry: one YAML file read into whatever the body makes of its top-level mapping. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * Bounds: 16 MiB, 64 levels, a million nodes repeated by aliases.
     *
     * @param body asks the top-level mapping for its keys; its result is dropped when any problem was reported
     * @throws InvalidConfigException with every problem, sorted by position; the only exception
     */
    public static <T> T read(Path file, Function<ConfigSection, T> body) {
        ConfigProblems problems = new ConfigProblems(file.toString());
        Optional<T> result = root(file, problems).flatMap(root -> root.section(body));
        problems.throwIfAny();
        return result.orElseThrow();
    }

    /**
     * Reads one value that came by another way as if it stood, in quotes, in a file.
     *
     * @param origin shown with each problem
     * @throws InvalidConfigException when the body reported a problem
     */
    public static <T> T readText(String origin, String key, String text, Function<ConfigValue, T> body) {
        ConfigProblems problems = new ConfigProblems(origin);
        YamlNode node = new YamlNode.Scalar(Position.START, text, YamlNode.ScalarType.TEXT);
        T result = body.apply(new ConfigValue(problems, key, Position.START, node));
        problems.throwIfAny();
        return result;
    }

    private static Optional<ConfigValue> root(Path file, ConfigProblems problems) {
        try {
            YamlNode node = YamlComposer.compose(YamlText.read(file));
            return Optional.of(new ConfigValue(problems, "", Position.START, node));
        } catch (RejectedYamlException rejected) {
            rejected.reportTo(problems);
            return Optional.empty();
        }
    }
}
