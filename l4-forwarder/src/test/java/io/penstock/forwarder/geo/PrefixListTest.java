package io.penstock.forwarder.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.config.ConfigProblem;
import io.penstock.config.InvalidConfigException;
import io.penstock.forwarder.config.Place;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class PrefixListTest {
    private static final Optional<Place> OWN = Optional.of(new Place("eu", "b"));
    private static Path file;

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempFile("clients", ".csv");
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.delete(file);
    }

    private static ClientPlaces read(byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ZoneMapBuilder zones = new ZoneMapBuilder();
        new PrefixList(file, "eu", zones).read();
        return zones.build(OWN);
    }

    private static ClientPlaces read(String content) {
        return read(content.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> problems(String content) {
        return assertThrows(InvalidConfigException.class, () -> read(content)).problems().stream()
                .map(problem -> problem.toString().substring(file.toString().length()))
                .toList();
    }

    private static Optional<Place> place(ClientPlaces clients, String address) {
        IpAddress parsed = IpAddress.parse(address).orElseThrow();
        return clients.places().get(clients.zones().get(parsed.high(), parsed.low()));
    }

    @Example
    void shouldPlaceClientsByTheLongestPrefix() {
        ClientPlaces clients = read("""
                # who is where
                10.0.0.0/8, eu/a
                10.1.0.0/16 us/      # anywhere in it
                10.1.1.0/24,c
                  2001:db8::/32 \t , us/x/1

                192.0.2.7,eu/a
                """);
        assertEquals(Optional.of(new Place("eu", "a")), place(clients, "10.200.0.1"));
        assertEquals(Optional.of(new Place("us", "")), place(clients, "10.1.2.3"));
        assertEquals(Optional.of(new Place("eu", "c")), place(clients, "10.1.1.3"), "of the own region");
        assertEquals(Optional.of(new Place("us", "x/1")), place(clients, "2001:db8::1"));
        assertEquals(Optional.of(new Place("eu", "a")), place(clients, "192.0.2.7"));
        assertEquals(OWN, place(clients, "192.0.2.8"));
        assertEquals(5, clients.places().size(), "own, and four of clients");
    }

    @Example
    void shouldReadAFileWithoutEntriesAndOneWithOtherLineEnds() {
        assertTrue(read("# nobody\n").zones().isEmpty());
        assertTrue(read("").zones().isEmpty());
        assertEquals(Optional.of(new Place("x", "y")), place(read("10.0.0.0/8 x/y\r\n11.0.0.0/8 x/y"), "11.1.1.1"));
    }

    @Example
    void shouldReportEveryWrongLineWithItsPlace() {
        assertEquals(
                List.of(
                        ":1:1: prefix: must be an address, or a prefix such as 192.0.2.0/24 or 2001:db8::/32 with no bit"
                                + " set behind its length (was 10.0.0.1/8)",
                        ":2:3: prefix: must be an address, or a prefix such as 192.0.2.0/24 or 2001:db8::/32 with no bit"
                                + " set behind its length (was 010.0.0.0/8)",
                        ":2:15: place: must be region/zone, region/ or zone (was eu/ä)",
                        ":3:3: line: must be a prefix and a place, such as 192.0.2.0/24,eu/a (was 10.0.0.0/8)",
                        ":4:1: line: must be a prefix and a place, such as 192.0.2.0/24,eu/a (was 10.0.0.0/8,eu/a,b)",
                        ":5:1: line: must be a prefix and a place, such as 192.0.2.0/24,eu/a (was network,,place)",
                        ":7:1: prefix: must stand in one line only (was an earlier line has it too)"),
                problems("""
                        10.0.0.1/8,eu/a
                          010.0.0.0/8 eu/ä
                          10.0.0.0/8
                        10.0.0.0/8,eu/a,b
                        network,,place
                        10.0.0.0/8 eu/a # fine
                        10.0.0.0/8 eu/b
                        """));
    }

    @Example
    void shouldRefuseWhatIsNoText() {
        InvalidConfigException refused = assertThrows(
                InvalidConfigException.class, () -> read(new byte[] {'#', '\n', (byte) 0xff, (byte) 0xfe}));
        assertTrue(refused.problems().get(0).rule().contains("UTF-8"), refused.problems()::toString);
    }

    @Example
    void shouldRefuseAFileThatIsNotThere() {
        PrefixList list = new PrefixList(Path.of("/nowhere/clients.csv"), "", new ZoneMapBuilder());
        InvalidConfigException refused = assertThrows(InvalidConfigException.class, list::read);
        assertEquals(1, refused.problems().size());
        assertEquals("must be readable", refused.problems().get(0).rule());
    }

    @Example
    void shouldRefuseMorePlacesThanAnybodyHas() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i <= ZoneMapBuilder.MAX_PLACES; i++) {
            lines.append(IpAddress.ofIpv4(i)).append(",zone-").append(i).append('\n');
        }
        assertEquals(
                List.of(":1001:11: place: must be one of at most 1000 (was one more)"), problems(lines.toString()));
    }

    @Example
    void shouldStopAtAThousandProblems() {
        assertEquals(1001, problems("nonsense\n".repeat(5000)).size());
    }

    @Provide
    static Arbitrary<String> texts() {
        Arbitrary<String> words = Arbitraries.of(
                "10.0.0.0/8",
                "10.0.0.0",
                "::/0",
                "2001:db8::/32",
                ",",
                " ",
                "\t",
                "#",
                "\n",
                "\r\n",
                "eu/a",
                "/",
                "eu/",
                "a",
                "300.0.0.1",
                "::ffff:1.2.3.4/128",
                "\u0000",
                "\u2028",
                "/33",
                "x".repeat(200));
        return Arbitraries.oneOf(words, Arbitraries.strings().ofMaxLength(5))
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    /** Any text is a list, or is refused with problems that each take one line and say where. */
    @Property
    void shouldEndWithAnAnswerWhateverTheText(@ForAll("texts") String text) {
        try {
            read(text);
        } catch (InvalidConfigException refused) {
            for (ConfigProblem problem : refused.problems()) {
                assertTrue(problem.line() >= 1 && problem.column() >= 1, problem::toString);
                assertEquals(1, problem.toString().lines().count(), problem::toString);
            }
        }
    }
}
