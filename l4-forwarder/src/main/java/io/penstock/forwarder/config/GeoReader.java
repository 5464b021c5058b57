package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.config.NamedFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code geo}. */
final class GeoReader {
    private static final String DATABASE_SUFFIX = ".mmdb";

    /** The country of MaxMind's and most other databases. */
    private static final List<String> DEFAULT_FIELD = List.of("country", "iso_code");

    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_-]{1,64}(?:\\.[A-Za-z0-9_-]{1,64}){0,7}");

    private final Path configFile;
    private final PlaceReader places;

    GeoReader(Path configFile, PlaceReader places) {
        this.configFile = configFile;
        this.places = places;
    }

    GeoConfig read(ConfigSection geo) {
        Optional<Path> file = geo.required("file").flatMap(value -> NamedFile.read(value, configFile));
        List<String> field = geo.optional("field").flatMap(GeoReader::field).orElse(DEFAULT_FIELD);
        Map<String, Place> byText = new LinkedHashMap<>();
        geo.optional("places").ifPresent(value -> value.named("a mapping of texts to places, with at least one")
                .forEach(entry ->
                        entry.value().section(places::required).ifPresent(place -> byText.put(entry.name(), place))));
        if (file.isPresent() && !file.get().toString().endsWith(DATABASE_SUFFIX)) {
            KeyRules.onlyFor("a database (" + DATABASE_SUFFIX + ")", geo, "field", "places");
        } else if (file.isPresent() && !geo.has("places")) {
            geo.problem("places", "must say where the texts of a database are");
        }
        return new GeoConfig(file.orElse(configFile), field, byText);
    }

    private static Optional<List<String>> field(ConfigValue value) {
        String expected = "a path of names such as country.iso_code";
        return value.text(expected).flatMap(text -> {
            if (!FIELD.matcher(text).matches()) {
                value.problem("must be " + expected);
                return Optional.empty();
            }
            return Optional.of(List.of(text.split("\\.", -1)));
        });
    }
}
