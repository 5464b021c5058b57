package io.penstock.forwarder.it.adversary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptGeneratorTest {
    private static final int MANY = 2_000;

    @Test
    void shouldDrawTheSameFromTheSameSeedInAnyOrder() {
        ScriptGenerator forwards = new ScriptGenerator(11);
        ScriptGenerator backwards = new ScriptGenerator(11);
        Script[] drawn = new Script[MANY];
        for (int i = MANY - 1; i >= 0; i--) {
            drawn[i] = backwards.script(i);
        }
        for (int i = 0; i < MANY; i++) {
            assertEquals(forwards.script(i), drawn[i]);
        }
    }

    @Test
    void shouldDrawOthersFromAnotherSeed() {
        assertNotEquals(new ScriptGenerator(11).script(0), new ScriptGenerator(12).script(0));
    }

    @Test
    void shouldDrawEveryStepOften() {
        Map<Op.Kind, Integer> counts = new EnumMap<>(Op.Kind.class);
        ScriptGenerator generator = new ScriptGenerator(13);
        IntStream.range(0, MANY)
                .mapToObj(generator::script)
                .flatMap(script -> Stream.concat(script.client().stream(), script.backend().stream()))
                .forEach(op -> counts.merge(op.kind(), 1, Integer::sum));
        for (Op.Kind kind : Op.Kind.values()) {
            assertTrue(counts.getOrDefault(kind, 0) > MANY / 50, counts::toString);
        }
    }

    @Test
    void shouldDrawAFewThatMayStall() {
        ScriptGenerator generator = new ScriptGenerator(14);
        long stalls = IntStream.range(0, MANY)
                .mapToObj(generator::script)
                .filter(StallForecast::mayStall)
                .count();
        assertTrue(stalls > 0 && stalls < MANY / 10, () -> stalls + " of " + MANY);
    }
}
