package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code place} and {@code geo}. */
class GeoReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldReadAList() {
        GeoConfig geo = config.read(yaml("geo: { file: clients.csv }")).geo().orElseThrow();

        assertEquals(config.file().resolveSibling("clients.csv"), geo.file());
        assertEquals(Map.of(), geo.places());
    }

    @Test
    void shouldReadADatabase() {
        GeoConfig geo = config.read(yaml("""
                place: { region: eu, zone: a }
                geo: { file: GeoLite2-Country.mmdb, field: a.b.c, places: { x: { zone: b }, y: { region: us } } }""")).geo().orElseThrow();

        assertEquals(List.of("a", "b", "c"), geo.field());
        assertEquals(Map.of("x", new Place("eu", "b"), "y", new Place("us", "")), geo.places());
    }

    @Test
    void shouldReadZonesWithoutRegions() {
        assertEquals(
                new Place("", "a"),
                config.read(yaml("place: { zone: a }")).place().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            place: {}                                                                     | place.zone: is needed, or region (was absent)
            place: { zone: "a b" }                                                        | place.zone: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            geo: {}                                                                       | geo.file: is required (was absent)
            geo: { file: missing.csv }                                                    | geo.file: must name a file that exists
            geo: { file: clients.csv, field: a }                                          | geo.field: is for a database (.mmdb) only (was a)
            geo: { file: clients.csv, places: { a: { zone: a } } }                        | geo.places: is for a database (.mmdb) only (was a mapping)
            geo: { file: GeoLite2-Country.mmdb }                                          | geo.places: must say where the texts of a database are (was absent)
            geo: { file: GeoLite2-Country.mmdb, field: a..b, places: { a: { zone: a } } } | geo.field: must be a path of names such as country.iso_code (was a..b)
            geo: { file: GeoLite2-Country.mmdb, places: {} }                              | geo.places: must be a mapping of texts to places, with at least one (was an empty mapping)
            geo: { file: GeoLite2-Country.mmdb, places: { a: {} } }                       | geo.places.a.zone: is needed, or region (was absent)
            """)
    void shouldExplainWhenPlacesAreWrong(String keys, String problem) {
        String found = config.onlyProblem(yaml(keys));

        assertTrue(found.startsWith(problem), found);
    }

    private static String yaml(String keys) {
        return keys + "\nservices: { web: { listen: \"*:80\" } }\npools: { web: { backends: [\"a:1\"] } }\n";
    }
}
