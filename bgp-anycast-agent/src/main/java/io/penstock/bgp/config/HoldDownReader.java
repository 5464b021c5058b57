package io.penstock.bgp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.DurationText;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code hold-down} of a VIP. */
final class HoldDownReader {
    private static final Duration MIN = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofHours(24);

    private HoldDownReader() {}

    /** Empty for off. */
    static Optional<HoldDownConfig> read(ConfigValue value) {
        if (value.isMapping()) {
            return value.section(HoldDownReader::read);
        }
        if (!OffOr.isOff(value)) {
            value.problem("must be off, or a mapping with keys such as initial: 10s");
        }
        return Optional.empty();
    }

    private static HoldDownConfig read(ConfigSection section) {
        HoldDownConfig usual = HoldDownConfig.DEFAULT;
        Duration initial = section.duration("initial", usual.initial(), MIN, MAX);
        Duration max = section.duration("max", longer(initial, usual.max()), MIN, MAX);
        Duration stable = section.duration("stable", usual.stable(), MIN, MAX);
        if (section.isSound("initial", "max") && max.compareTo(initial) < 0) {
            section.problem("max", "must not be shorter than initial (" + DurationText.format(initial) + ")");
        }
        return new HoldDownConfig(initial, max, stable);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
