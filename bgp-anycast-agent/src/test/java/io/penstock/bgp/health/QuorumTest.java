package io.penstock.bgp.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.bgp.policy.Condition.Level;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
    /**
     * Each sign a service, in the order in which they spoke: {@code +} served, {@code o} degraded, {@code d} draining, {@code -} not served,
     * {@code ?} silent so far, {@code !} silent for longer than anybody waits for a first word.
     */
    @ParameterizedTest
    @CsvSource({
        "+,   1, UP,       served",
        "o,   1, DEGRADED, a said o",
        "d,   1, DRAINING, a said d",
        "-,   1, DOWN,     a said -",
        "?,   1, UNKNOWN,  nothing heard yet",
        "!,   1, UNKNOWN,  nothing heard yet",
        "++,  2, UP,       all 2 services",
        "+o,  2, DEGRADED, b: b said o",
        "+-,  2, DOWN,     b: b said -",
        "-+,  2, DOWN,     a: a said -",
        "--,  2, DOWN,     b: b said -",
        "+d,  2, DRAINING, b: b said d",
        "-d,  2, DOWN,     a: a said -",
        "+?,  2, UNKNOWN,  b: nothing heard yet",
        "-?,  2, DOWN,     a: a said -",
        "d?,  2, UNKNOWN,  b: nothing heard yet",
        "+-,  1, DEGRADED, 1 of 2 services: b: b said -",
        "+d,  1, DEGRADED, 1 of 2 services: b: b said d",
        "+?,  1, UNKNOWN,  b: nothing heard yet",
        "+!,  1, DEGRADED, 1 of 2 services: b: nothing heard yet",
        "-d,  1, DRAINING, b: b said d",
        "-?,  1, UNKNOWN,  b: nothing heard yet",
        "d?,  1, UNKNOWN,  b: nothing heard yet",
        "dd,  1, DRAINING, b: b said d",
        "--,  1, DOWN,     b: b said -",
        "++-, 2, DEGRADED, 2 of 3 services: c: c said -",
        "+d-, 2, DRAINING, b: b said d",
        "+--, 2, DOWN,     c: c said -",
        "dd-, 2, DRAINING, b: b said d",
        "+d?, 2, UNKNOWN,  c: nothing heard yet",
        "dd?, 2, DRAINING, b: b said d",
        "d-?, 2, UNKNOWN,  c: nothing heard yet",
    })
    void shouldMakeOneLevelOfServices(String signs, int atLeast, Level level, String reason) {
        assertEquals(new Quorum(level, reason), Quorum.of(words(signs), atLeast));
    }

    /** Whatever a service says of itself when nothing is wrong. */
    @Test
    void shouldSayWhyAlsoWhenServiceDoesNot() {
        ServiceWord word = word("web");
        word.hear(new VipVerdict(Kind.NOT_SERVED, 0, " "), 1);
        assertEquals(new Quorum(Level.DOWN, "down"), Quorum.of(Map.of("web", word), 1));
        word.hear(new VipVerdict(Kind.SERVED, 0, "2 of 2 backends"), 1);
        assertEquals(new Quorum(Level.UP, "2 of 2 backends"), Quorum.of(Map.of("web", word), 1));
    }

    private static Map<String, ServiceWord> words(String signs) {
        Map<String, ServiceWord> words = new LinkedHashMap<>();
        for (int i = 0; i < signs.length(); i++) {
            String name = String.valueOf((char) ('a' + i));
            words.put(name, word(name, signs.charAt(i), i));
        }
        return words;
    }

    private static ServiceWord word(String name, char sign, long nowNs) {
        ServiceWord word = word(name);
        String reason = sign == '+' ? "" : name + " said " + sign;
        switch (sign) {
            case '+' -> word.hear(new VipVerdict(Kind.SERVED, 0, reason), nowNs);
            case 'o' -> word.hear(new VipVerdict(Kind.SERVED, true, 0, reason), nowNs);
            case 'd' -> word.hear(new VipVerdict(Kind.DRAINING, 0, reason), nowNs);
            case '-' -> word.hear(new VipVerdict(Kind.NOT_SERVED, 0, reason), nowNs);
            case '!' -> {
                for (int look = 0; look < ServiceWord.FIRST_WORD_LOOKS; look++) {
                    word.look(nowNs);
                }
            }
            default -> assertEquals('?', sign);
        }
        return word;
    }

    private static ServiceWord word(String name) {
        return new ServiceWord(Vips.asks(Path.of(name), "192.0.2.10"), -1);
    }
}
