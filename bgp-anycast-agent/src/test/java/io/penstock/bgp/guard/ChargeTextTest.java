package io.penstock.bgp.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.DaemonConfig.Address;
import io.penstock.bgp.config.DaemonConfig.Identity;
import io.penstock.bgp.config.DaemonConfig.Tls;
import io.penstock.bgp.route.LargeCommunity;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChargeTextTest {
    private static final Path RUN = Path.of("/run/penstock/bgp-anycast-agent.run");
    private static final Charge PLAIN = Charges.of(RUN, Duration.ofSeconds(3));

    /** Whatever a file system and a configuration allow in names. */
    private static final Charge ODD = new Charge(
            new DaemonConfig(
                    new Address.Unix(Path.of("/run/go bgp\n%41+/ä€.sock")),
                    Optional.of(new Tls(
                            Optional.of(Path.of("ca file")),
                            Optional.of(new Identity(Path.of("end"), Path.of("charge 1\nrelease"))),
                            Optional.of("a b"))),
                    Duration.ofMillis(1_234),
                    DaemonConfig.DEFAULT_RESYNC),
            new LargeCommunity(0xffff_ffffL, 0, 1),
            Duration.ofMillis(250),
            Path.of("\t"),
            Integer.MAX_VALUE);

    private static List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        new WordReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))).run(words::add);
        return words;
    }

    private static String text(Charge charge) {
        return "charge 1\n" + String.join("\n", ChargeText.of(charge)) + "\nend\n";
    }

    @Test
    void shouldReadWhatItWrites() {
        assertEquals(List.of(new Word.Charged(PLAIN), new Word.Gone()), words(text(PLAIN)));
        assertEquals(
                List.of(new Word.Charged(ODD), new Word.Sign(), new Word.Released(), new Word.Gone()),
                words(text(ODD) + "sign\nrelease\n"));
    }

    @Test
    void shouldTakeCutOffLineForNotSaid() {
        String whole = text(PLAIN) + "sign\nrelease\n";
        for (int length = 0; length < whole.length(); length++) {
            List<Word> words = words(whole.substring(0, length));
            assertEquals(new Word.Gone(), words.get(words.size() - 1));
            assertFalse(words.contains(new Word.Released()), "released by a part of the word");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "release now",
                "SIGN",
                "",
                "charge 2",
                "sign\r",
            })
    void shouldRefuseUnknownWord(String line) {
        List<Word> words = words(line + "\n");
        assertEquals(1, words.size());
        assertTrue(words.get(0) instanceof Word.Unreadable, words::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address tcp 127.0.0.1 50051",
                "address unix",
                "colour red",
                "owner 1 2 3",
                "timeout-ms -1",
                "ca /x",
                "identity /x /y",
                "server-name x",
            })
    void shouldRefuseLineBesideWholeCharge(String line) {
        List<String> lines = new ArrayList<>(ChargeText.of(PLAIN));
        lines.add(line);
        assertThrows(MalformedLineException.class, () -> ChargeText.parse(lines));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address tcp 127.0.0.1 0",
                "address tcp 127.0.0.1 65536",
                "address tcp  50051",
                "address udp 127.0.0.1 50051",
                "address tcp %31 50051",
                "address unix %",
                "address unix %2",
                "address unix %00",
                "address unix /raw",
                "owner 65001 9 4294967296",
                "owner 65001 9",
                "owner 065001 9 1",
                "owner 65001 9 1 ",
                "patience-ms 0",
                "patience-ms 99999999999999999999",
                "timeout-ms +5",
                "run-file",
                "agent 0",
                "agent 2147483648",
            })
    void shouldRefuseLineInPlaceOfRightOne(String line) {
        String key = line.substring(0, (line + " ").indexOf(' '));
        List<String> lines = new ArrayList<>(ChargeText.of(PLAIN));
        assertTrue(lines.removeIf(one -> one.startsWith(key + " ")), key);
        lines.add(line);
        assertThrows(MalformedLineException.class, () -> ChargeText.parse(lines));
    }

    @Test
    void shouldRefuseChargeThatLacksAnything() {
        for (String line : ChargeText.of(PLAIN)) {
            List<String> lines = new ArrayList<>(ChargeText.of(PLAIN));
            lines.remove(line);
            assertThrows(MalformedLineException.class, () -> ChargeText.parse(lines), line);
        }
    }

    @Test
    void shouldRefuseEndlessLineAndEndlessCharge() {
        assertTrue(words("s".repeat(1 << 20)).get(0) instanceof Word.Unreadable);
        assertTrue(words("charge 1\n" + "tls\n".repeat(1_000)).get(0) instanceof Word.Unreadable);
    }

    /** Octets are changed, lost and doubled: whatever comes of it is a charge that would be written like that, or refused. */
    @Test
    void shouldEndWithOneLastWordWhateverComes() {
        Random random = new Random(20_261_122);
        byte[] whole = (text(ODD) + "sign\n" + text(PLAIN) + "sign\nrelease\n").getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = mutate(whole.clone(), random);
            List<Word> words = new ArrayList<>();
            new WordReader(new ByteArrayInputStream(octets)).run(words::add);
            for (int i = 0; i < words.size(); i++) {
                Word word = words.get(i);
                boolean last = word instanceof Word.Gone || word instanceof Word.Unreadable;
                assertEquals(i == words.size() - 1, last, words::toString);
                if (word instanceof Word.Charged charged) {
                    assertEquals(words(text(charged.charge())).get(0), word);
                }
            }
        }
    }

    private static byte[] mutate(byte[] octets, Random random) {
        int changes = 1 + random.nextInt(3);
        for (int change = 0; change < changes; change++) {
            int at = random.nextInt(octets.length);
            switch (random.nextInt(4)) {
                case 0 -> octets[at] = (byte) random.nextInt(256);
                case 1 -> octets[at] = '\n';
                case 2 -> octets[at] = octets[random.nextInt(octets.length)];
                default -> System.arraycopy(octets, at, octets, Math.max(0, at - 1), octets.length - at);
            }
        }
        return octets;
    }
}
