package io.penstock.forwarder.it.adversary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "client: C | backend: -",
                "client: C | backend: P:5",
                "client: B:4096 P:2 C S:65536 U W P:2 H R:7 R* K | backend: P:1 A D:100 X",
            })
    void shouldPrintWhatItParsed(String line) {
        assertEquals(line, Script.parse(line).toString());
    }

    @Test
    void shouldPrintWhatItDrewSoThatItParses() {
        ScriptGenerator generator = new ScriptGenerator(7);
        for (int i = 0; i < 1_000; i++) {
            Script script = generator.script(i);
            assertEquals(script, Script.parse(script.toString()));
        }
    }

    @Test
    void shouldTellWhatTheBackendDoesWithConnections() {
        assertFalse(Script.parse("client: C | backend: -").backendListens());
        assertTrue(Script.parse("client: C | backend: P:5").backendListens());
        assertFalse(Script.parse("client: C | backend: P:5").backendAccepts());
        assertTrue(Script.parse("client: C | backend: A").backendAccepts());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "client: C",
                "backend: A | client: C",
                "client: - | backend: A",
                "client: S:1 C | backend: A",
                "client: C C | backend: A",
                "client: A | backend: A",
                "client: C | backend: C",
                "client: C B:4096 | backend: A",
                "client: C H S:1 | backend: A",
                "client: C H H | backend: A",
                "client: C K R* | backend: A",
                "client: C S | backend: A",
                "client: C S:0 | backend: A",
                "client: C S:x | backend: A",
                "client: C H:1 | backend: A",
                "client: C Q | backend: A",
            })
    void shouldRefuseWhatCannotBePlayed(String line) {
        assertThrows(IllegalArgumentException.class, () -> Script.parse(line));
    }
}
