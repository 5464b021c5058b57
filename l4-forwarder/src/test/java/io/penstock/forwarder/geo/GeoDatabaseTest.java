package io.penstock.forwarder.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.config.InvalidConfigException;
import io.penstock.forwarder.config.GeoConfig;
import io.penstock.forwarder.config.Place;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeoDatabaseTest {
    private static final List<String> FIELD = List.of("country", "iso_code");
    private static final Place EU = new Place("eu", "a");
    private static final Place US = new Place("us", "");
    private static final Map<String, Place> PLACES = Map.of("DE", EU, "FR", EU, "US", US);
    private static final Optional<Place> OWN = Optional.of(new Place("eu", "b"));

    @TempDir
    private Path directory;

    private static Object country(String code) {
        return Map.of("country", Map.of("iso_code", code, "geoname_id", 2_921_044), "list", List.of("x"));
    }

    private static TinyDatabase database() {
        return new TinyDatabase()
                .add("192.0.2.0/24", country("DE"))
                .add("198.51.100.0/25", country("US"))
                .add("198.51.100.128/25", country("JP"))
                .add("203.0.113.7", country("FR"))
                .add("2001:db8::/32", country("US"))
                .add("2001:db9::/48", Map.of("continent", Map.of("code", "EU")));
    }

    @Test
    void shouldPlaceClientsByTheTextAtTheField() throws IOException {
        ClientPlaces clients = read(database().bytes(), FIELD, PLACES);
        assertEquals(Optional.of(EU), place(clients, "192.0.2.99"));
        assertEquals(Optional.of(EU), place(clients, "203.0.113.7"));
        assertEquals(OWN, place(clients, "203.0.113.8"));
        assertEquals(Optional.of(US), place(clients, "198.51.100.127"));
        assertEquals(OWN, place(clients, "198.51.100.128"), "a text without a place");
        assertEquals(Optional.of(US), place(clients, "2001:db8:ffff::1"));
        assertEquals(OWN, place(clients, "2001:db9::1"), "a record without the field");
        assertEquals(OWN, place(clients, "::c000:263"), "IPv4 is reached as such");
        assertEquals(3, clients.places().size(), "own, and two that clients are at");
    }

    @Test
    void shouldGoByNumbersToo() throws IOException {
        ClientPlaces clients = read(database().bytes(), List.of("country", "geoname_id"), Map.of("2921044", EU));
        assertEquals(Optional.of(EU), place(clients, "198.51.100.200"));
    }

    @Test
    void shouldReadADatabaseWhoseOneNetworkIsAllOfIpv4() throws IOException {
        ClientPlaces clients =
                read(new TinyDatabase().add("::/64", country("DE")).bytes(), FIELD, PLACES);
        assertEquals(Optional.of(EU), place(clients, "192.0.2.1"));
        assertEquals(OWN, place(clients, "2001:db8::1"));
    }

    @Test
    void shouldSayWhatItLookedForWhenNoNetworkHasAPlace() {
        String message = problem(database().bytes(), List.of("country", "iso"));
        assertTrue(message.contains(":1:1: document: must have networks whose country.iso is one of "), message);
        assertTrue(message.endsWith("(was none)"), message);
    }

    @Test
    void shouldRefuseWhatIsNoDatabase() {
        String message = problem("192.0.2.0/24,eu/a\n".getBytes(StandardCharsets.UTF_8), FIELD);
        assertTrue(message.contains("must be a sound database in MaxMind's format (was Could not find"), message);
    }

    @Test
    void shouldRefuseOneThatIsCutOff() {
        byte[] whole = database().bytes();
        String message = problem(Arrays.copyOf(whole, whole.length - 200), FIELD);
        assertTrue(message.contains("must be a sound database"), message);
    }

    @Test
    void shouldRefuseOneWhoseTreeHasNoEnd() {
        byte[] bytes = database().bytes();
        // Both records of the root lead back to it, and no data is ever met.
        Arrays.fill(bytes, 0, 6, (byte) 0);
        assertTrue(problem(bytes, FIELD).contains("must be a sound database"));
    }

    /** Whatever is damaged: it is read, or refused with a reason. */
    @Test
    void shouldEndWithAnAnswerWhenAnyOctetIsDamaged() {
        byte[] sound = database().bytes();
        Random random = new Random(7);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            int refused = 0;
            for (int i = 0; i < 3000; i++) {
                byte[] damaged = sound.clone();
                for (int flips = 1 + i % 3; flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                try {
                    read(damaged, FIELD, PLACES);
                } catch (InvalidConfigException e) {
                    refused++;
                }
            }
            assertTrue(refused > 100, refused + " refused");
        });
    }

    private String problem(byte[] bytes, List<String> field) {
        InvalidConfigException refused = assertThrows(InvalidConfigException.class, () -> read(bytes, field, PLACES));
        assertEquals(1, refused.problems().size());
        return refused.problems().get(0).toString();
    }

    private ClientPlaces read(byte[] bytes, List<String> field, Map<String, Place> places) throws IOException {
        Path file = Files.write(directory.resolve("clients.mmdb"), bytes);
        ZoneMapBuilder zones = new ZoneMapBuilder();
        new GeoDatabase(new GeoConfig(file, field, places), zones).read();
        return zones.build(OWN);
    }

    private static Optional<Place> place(ClientPlaces clients, String address) {
        IpAddress parsed = IpAddress.parse(address).orElseThrow();
        return clients.places().get(clients.zones().get(parsed.high(), parsed.low()));
    }
}
