package io.penstock.bgp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.DurationText;
import java.time.Duration;
import java.util.Optional;

/** Reads what is {@code off}, or else has a value. */
final class OffOr {
    private static final String OFF = "off";

    private OffOr() {}

    static boolean isOff(ConfigValue value) {
        return value.was().equals(OFF);
    }

    /** @param usual what holds when the key is absent */
    static Optional<Duration> duration(
            ConfigSection section, String key, Optional<Duration> usual, Duration min, Duration max) {
        Optional<ConfigValue> value = section.optional(key);
        return value.isEmpty() ? usual : duration(value.get(), min, max);
    }

    private static Optional<Duration> duration(ConfigValue value, Duration min, Duration max) {
        if (isOff(value)) {
            return Optional.empty();
        }
        if (!value.was().matches("[0-9].*")) {
            value.problem("must be off, or a whole number and a unit (ms, s, m or h), from " + DurationText.format(min)
                    + " to " + DurationText.format(max));
            return Optional.empty();
        }
        return value.duration(min, max);
    }
}
