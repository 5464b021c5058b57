package io.penstock.config;

import io.penstock.config.YamlNode.Mapping;
import io.penstock.config.YamlNode.Scalar;
import io.penstock.config.YamlNode.ScalarType;
import io.penstock.config.YamlNode.Sequence;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One value of a configuration file. A typed read that does not fit reports a problem at the value's line and column and
 * returns empty, so a reader carries on and finds the next problem.
 */
public final class ConfigValue {
    /** Timers count milliseconds. */
    public static final Duration MIN_DURATION = Duration.ofMillis(1);

    /** A timeout that is longer is a typing mistake. */
    public static final Duration MAX_DURATION = Duration.ofDays(10);

    private final ConfigProblems problems;
    private final String key;
    /** Where the key of this value is; what a problem about something absent points at. */
    private final Position keyAt;

    private final YamlNode node;

    ConfigValue(ConfigProblems problems, String key, Position keyAt, YamlNode node) {
        this.problems = problems;
        this.key = key;
        this.keyAt = keyAt;
        this.node = node;
    }

    /** Dotted path such as {@code services.web.listen[0]}. */
    public String key() {
        return key;
    }

    public boolean isScalar() {
        return node instanceof Scalar;
    }

    public boolean isMapping() {
        return node instanceof Mapping;
    }

    /** What the file says here, for a message. */
    public String was() {
        if (node instanceof Scalar scalar) {
            return scalar.text().isEmpty() ? "nothing" : scalar.text();
        }
        return node instanceof Mapping ? "a mapping" : "a list";
    }

    /** From 1. */
    public int line() {
        return node.at().line();
    }

    /** Reports that this value breaks a rule. */
    public void problem(String rule) {
        problem(rule, was());
    }

    /** As {@link #problem(String)}, for a rule about something that {@link #was} does not show. */
    public void problem(String rule, String was) {
        problems.add(node.at(), key, rule, was);
    }

    /** The content of this file is part of what is read, whether or not it is any good. */
    public void names(Path file) {
        problems.names(file);
    }

    /** Text that is not empty; numbers and booleans are text only in quotes. */
    public Optional<String> text(String expected) {
        if (!(node instanceof Scalar scalar)
                || scalar.type() == ScalarType.NOTHING
                || scalar.text().isEmpty()) {
            problem("must be " + expected);
            return Optional.empty();
        }
        if (scalar.type() != ScalarType.TEXT) {
            problem("must be " + expected + ", in quotes");
            return Optional.empty();
        }
        return Optional.of(scalar.text());
    }

    public OptionalInt integer(int min, int max) {
        OptionalLong number = wholeNumber(min, max);
        return number.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) number.getAsLong());
    }

    /** As {@link #integer}, for what may not fit into an int. */
    public OptionalLong wholeNumber(long min, long max) {
        String rule = "must be a whole number from " + min + " to " + max;
        if (!(node instanceof Scalar scalar) || scalar.type() != ScalarType.INTEGER) {
            boolean quoted = node instanceof Scalar text
                    && text.type() == ScalarType.TEXT
                    && text.text().matches("[0-9]{1,12}");
            problem(rule + (quoted ? ", without quotes" : ""));
            return OptionalLong.empty();
        }
        OptionalLong number = number(scalar.text());
        if (number.isEmpty() || number.getAsLong() < min || number.getAsLong() > max) {
            problem(rule);
            return OptionalLong.empty();
        }
        return number;
    }

    public Optional<Duration> duration(Duration min, Duration max) {
        String range = "from " + DurationText.format(min) + " to " + DurationText.format(max);
        if (!(node instanceof Scalar scalar)) {
            problem("must be a duration such as 500ms, 2s, 5m or 1h");
            return Optional.empty();
        }
        if (scalar.text().matches("[0-9]{1,12}")) {
            problem("needs a unit, such as " + scalar.text() + "ms or " + scalar.text() + "s");
            return Optional.empty();
        }
        Optional<Duration> duration = DurationText.parse(scalar.text());
        if (duration.isEmpty()) {
            problem("must be a whole number and a unit (ms, s, m or h), " + range);
        } else if (duration.get().compareTo(min) < 0 || duration.get().compareTo(max) > 0) {
            problem("must be a duration " + range);
            return Optional.empty();
        }
        return duration;
    }

    /** A size in bytes, {@code 4MiB}. */
    public OptionalLong size(long min, long max) {
        String range = "from " + SizeText.format(min) + " to " + SizeText.format(max);
        OptionalLong size = node instanceof Scalar scalar ? SizeText.parse(scalar.text()) : OptionalLong.empty();
        if (size.isEmpty()) {
            problem(
                    node instanceof Scalar scalar && scalar.text().matches("[0-9]{1,9}")
                            ? "needs a unit, such as " + scalar.text() + "KiB or " + scalar.text() + "MiB"
                            : "must be a whole number and a unit (B, KiB, MiB or GiB), " + range);
        } else if (size.getAsLong() < min || size.getAsLong() > max) {
            problem("must be a size " + range);
            return OptionalLong.empty();
        }
        return size;
    }

    /** A count and a unit of time, {@code 50/s}; by speed within the bounds. */
    public Optional<Rate> rate(Rate min, Rate max) {
        String range = "from " + min + " to " + max;
        Optional<Rate> rate = node instanceof Scalar scalar ? Rate.parse(scalar.text()) : Optional.empty();
        if (rate.isEmpty()) {
            problem(
                    node instanceof Scalar scalar && scalar.text().matches("[0-9]{1,9}")
                            ? "needs a unit, such as " + scalar.text() + "/s or " + scalar.text() + "/m"
                            : "must be a rate such as 50/s, 300/m or 1000/h, " + range);
        } else if (rate.get().compareTo(min) < 0 || rate.get().compareTo(max) > 0) {
            problem("must be a rate " + range);
            return Optional.empty();
        }
        return rate;
    }

    /** A whole percentage, {@code 10%}. */
    public OptionalInt wholePercent(int min, int max) {
        String range = "from " + min + "% to " + max + "%";
        return percent("must be a whole number with a percent sign, " + range, range, min * 100, max * 100, 100);
    }

    /** A percentage with at most two decimals, {@code 12.5%}, in hundredths of a percent, as its bounds are. */
    public OptionalInt percent(int min, int max) {
        String range = "from " + PercentText.format(min) + " to " + PercentText.format(max);
        return percent("must be a number with a percent sign, " + range, range, min, max, 1);
    }

    private OptionalInt percent(String shape, String range, int min, int max, int unit) {
        OptionalInt hundredths = node instanceof Scalar scalar ? PercentText.parse(scalar.text()) : OptionalInt.empty();
        if (hundredths.isEmpty() || hundredths.getAsInt() % unit != 0) {
            problem(shape);
            return OptionalInt.empty();
        }
        if (hundredths.getAsInt() < min || hundredths.getAsInt() > max) {
            problem("must be a percentage " + range);
            return OptionalInt.empty();
        }
        return OptionalInt.of(hundredths.getAsInt() / unit);
    }

    /** A number with at most one decimal, in tenths; the bounds are whole. */
    public OptionalInt tenths(int min, int max) {
        Optional<BigDecimal> number =
                node instanceof Scalar scalar && isNumber(scalar.type()) ? decimal(scalar.text()) : Optional.empty();
        OptionalInt tenths = number.isPresent()
                        && number.get().compareTo(BigDecimal.valueOf(min)) >= 0
                        && number.get().compareTo(BigDecimal.valueOf(max)) <= 0
                ? tenths(number.get())
                : OptionalInt.empty();
        if (tenths.isEmpty()) {
            problem("must be a number from " + min + " to " + max + " with at most one decimal");
        }
        return tenths;
    }

    public Optional<Boolean> bool() {
        if (!(node instanceof Scalar scalar) || scalar.type() != ScalarType.BOOLEAN) {
            problem("must be true or false");
            return Optional.empty();
        }
        return Optional.of(Boolean.valueOf(scalar.text()));
    }

    /** One of a few words. */
    public <E> Optional<E> oneOf(Map<String, E> choices) {
        boolean text = node instanceof Scalar scalar && scalar.type() == ScalarType.TEXT;
        E choice = text ? choices.get(was()) : null;
        if (choice == null) {
            List<String> sorted = choices.keySet().stream().sorted().toList();
            problem("must be " + (choices.size() == 1 ? "" : "one of: ") + String.join(", ", sorted)
                    + Suggestion.didYouMean(was(), sorted));
        }
        return Optional.ofNullable(choice);
    }

    /** The entries of a list that has at least one. */
    public List<ConfigValue> items(String expected) {
        if (!(node instanceof Sequence sequence) || sequence.items().isEmpty()) {
            problem("must be " + expected, node instanceof Sequence ? "an empty list" : was());
            return List.of();
        }
        return IntStream.range(0, sequence.items().size())
                .mapToObj(i -> item(i, sequence.items().get(i)))
                .toList();
    }

    /** The entries of a list, or the value itself when it is a scalar: the short form of a list of one. */
    public List<ConfigValue> itemsOrOne(String expected) {
        return node instanceof Scalar scalar && scalar.type() != ScalarType.NOTHING ? List.of(this) : items(expected);
    }

    /** Reads a mapping with fixed keys; a key that the body never asks for is reported as unknown. */
    public <T> Optional<T> section(Function<ConfigSection, T> body) {
        if (!(node instanceof Mapping mapping)) {
            problem("must be a mapping of keys to values");
            return Optional.empty();
        }
        ConfigSection section = new ConfigSection(problems, key, keyAt, mapping);
        T result = body.apply(section);
        section.reportUnknownKeys();
        return Optional.of(result);
    }

    /** The entries of a mapping whose keys are names that the author chose; at least one. */
    public List<NamedValue> named(String expected) {
        if (!(node instanceof Mapping mapping) || mapping.entries().isEmpty()) {
            problem("must be " + expected, node instanceof Mapping ? "an empty mapping" : was());
            return List.of();
        }
        return new ConfigSection(problems, key, keyAt, mapping).all();
    }

    /** One entry of {@link #named}; {@code key} has the position of the name itself. */
    public record NamedValue(String name, ConfigValue key, ConfigValue value) {}

    private ConfigValue item(int index, YamlNode item) {
        return new ConfigValue(problems, key + "[" + index + "]", item.at(), item);
    }

    private static boolean isNumber(ScalarType type) {
        return type == ScalarType.INTEGER || type == ScalarType.FLOAT;
    }

    /** Empty for what has no decimal digits: {@code .inf}, {@code 0x1}. */
    private static Optional<BigDecimal> decimal(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException noDecimal) {
            return Optional.empty();
        }
    }

    private static OptionalInt tenths(BigDecimal number) {
        BigDecimal tenths = number.movePointRight(1).stripTrailingZeros();
        return tenths.scale() <= 0 ? OptionalInt.of(tenths.intValueExact()) : OptionalInt.empty();
    }

    /** Empty for what does not fit; the resolver has checked the digits. */
    private static OptionalLong number(String text) {
        int radix = text.startsWith("0x") ? 16 : text.startsWith("0o") ? 8 : 10;
        try {
            return OptionalLong.of(Long.parseLong(text.substring(radix == 10 ? 0 : 2), radix));
        } catch (NumberFormatException tooLong) {
            return OptionalLong.empty();
        }
    }
}
