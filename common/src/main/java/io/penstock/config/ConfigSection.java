package io.penstock.config;

import com.google.gson.JsonObject;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.YamlNode.Entry;
import io.penstock.config.YamlNode.Mapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A mapping with fixed keys. Asking for a key is what makes it known, so the reader's code is the only list of keys. A
 * read of a key with a default returns that default after it reported a problem; check {@link #isSound} before comparing
 * two values.
 */
public final class ConfigSection {
    private final ConfigProblems problems;
    private final String key;
    private final Position keyAt;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();

    ConfigSection(ConfigProblems problems, String key, Position keyAt, Mapping mapping) {
        this.problems = problems;
        this.key = key;
        this.keyAt = keyAt;
        for (Entry entry : mapping.entries()) {
            Entry first = entries.putIfAbsent(entry.key().text(), entry);
            if (first != null) {
                String name = entry.key().text();
                problems.add(
                        entry.key().at(),
                        path(name),
                        "duplicate key, first at line " + first.key().at().line(),
                        name);
            }
        }
    }

    public Optional<ConfigValue> optional(String name) {
        known.add(name);
        return Optional.ofNullable(entries.get(name)).map(this::value);
    }

    /** Reports a problem when the key is absent. */
    public Optional<ConfigValue> required(String name) {
        Optional<ConfigValue> value = optional(name);
        if (value.isEmpty()) {
            absent(name, "is required");
        }
        return value;
    }

    public int integer(String name, int fallback, int min, int max) {
        Optional<ConfigValue> value = optional(name);
        return value.isEmpty() ? fallback : value.get().integer(min, max).orElse(fallback);
    }

    public Duration duration(String name, Duration fallback, Duration min, Duration max) {
        return optional(name).flatMap(value -> value.duration(min, max)).orElse(fallback);
    }

    /** Of those that timers count, see {@link ConfigValue#MIN_DURATION}. */
    public Duration duration(String name, Duration fallback) {
        return duration(name, fallback, ConfigValue.MIN_DURATION, ConfigValue.MAX_DURATION);
    }

    /** In bytes. */
    public long size(String name, long fallback, long min, long max) {
        Optional<ConfigValue> value = optional(name);
        return value.isEmpty() ? fallback : value.get().size(min, max).orElse(fallback);
    }

    /** A whole percentage, {@code 10%}. */
    public int wholePercent(String name, int fallback, int min, int max) {
        Optional<ConfigValue> value = optional(name);
        return value.isEmpty() ? fallback : value.get().wholePercent(min, max).orElse(fallback);
    }

    public boolean bool(String name, boolean fallback) {
        return optional(name).flatMap(ConfigValue::bool).orElse(fallback);
    }

    public <E> E oneOf(String name, Map<String, E> choices, E fallback) {
        return optional(name).flatMap(value -> value.oneOf(choices)).orElse(fallback);
    }

    public <T> Optional<T> section(String name, Function<ConfigSection, T> body) {
        return optional(name).flatMap(value -> value.section(body));
    }

    /** Reports a rule that the value of this key breaks, at the section itself when the key is absent. */
    public void problem(String name, String rule) {
        optional(name).ifPresentOrElse(value -> value.problem(rule), () -> absent(name, rule));
    }

    public boolean has(String name) {
        return optional(name).isPresent();
    }

    /** All of it, whether or not a reader asks for it, as JSON that reads the same. */
    public JsonObject json() {
        JsonObject object = new JsonObject();
        entries.forEach((name, entry) -> object.add(name, YamlJson.of(entry.value())));
        return object;
    }

    /** The files that were named so far, in the whole document. */
    public Set<Path> namedFiles() {
        return problems.namedFiles();
    }

    /** Whether nothing in this section has been reported yet. */
    public boolean isSound() {
        return problems.isSound(key);
    }

    /** Whether nothing at or below these keys has been reported yet. */
    public boolean isSound(String... names) {
        for (String name : names) {
            if (!problems.isSound(path(name))) {
                return false;
            }
        }
        return true;
    }

    List<NamedValue> all() {
        return entries.values().stream()
                .map(entry -> new NamedValue(
                        entry.key().text(),
                        new ConfigValue(
                                problems, path(entry.key().text()), entry.key().at(), entry.key()),
                        value(entry)))
                .toList();
    }

    void reportUnknownKeys() {
        for (String name : entries.keySet()) {
            if (!known.contains(name)) {
                problems.add(entries.get(name).key().at(), path(name), unknown(name), name);
            }
        }
    }

    private String unknown(String name) {
        if (name.equals("<<")) {
            return "merge keys are not supported";
        }
        return "unknown key"
                + Suggestion.nearest(name, known)
                        .map(near -> ", did you mean '" + near + "'?")
                        .orElseGet(() -> ", known here: " + String.join(", ", known));
    }

    private void absent(String name, String rule) {
        problems.add(keyAt, path(name), rule, "absent");
    }

    private ConfigValue value(Entry entry) {
        return new ConfigValue(problems, path(entry.key().text()), entry.key().at(), entry.value());
    }

    private String path(String name) {
        return key.isEmpty() ? name : key + "." + name;
    }
}
