package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.config.MetricLabel;
import java.util.Optional;

/** Reads {@code region} and {@code zone}. */
final class PlaceReader {
    private final String ownRegion;

    /** @param ownRegion of the forwarder, where a region is not given; empty when it has none */
    PlaceReader(String ownRegion) {
        this.ownRegion = ownRegion;
    }

    /** Empty when neither is given. */
    Optional<Place> optional(ConfigSection section) {
        String region = name(section, "region").orElse(ownRegion);
        String zone = name(section, "zone").orElse("");
        return KeyRules.hasNone(section, "region", "zone") ? Optional.empty() : Optional.of(new Place(region, zone));
    }

    Place required(ConfigSection section) {
        return optional(section).orElseGet(() -> {
            section.problem("zone", "is needed, or region");
            return new Place("", "");
        });
    }

    private static Optional<String> name(ConfigSection section, String key) {
        Optional<ConfigValue> value = section.optional(key);
        Optional<String> name = value.flatMap(at -> at.text("a name"));
        name.ifPresent(text -> MetricLabel.check(text, value.get()));
        return name;
    }
}
