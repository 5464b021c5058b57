package io.penstock.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EphemeralPortsTest {
    @ParameterizedTest
    @CsvSource({"32767, false", "32768, true", "60999, true", "61000, false"})
    void shouldContainBothEndsOfItsRange(int port, boolean contained) {
        assertEquals(contained, EphemeralPorts.parse("32768\t60999\n").contains(port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "a b", "1 2 3"})
    void shouldRefuseAnythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> EphemeralPorts.parse(text));
    }

    /** The kernel's own choice falls into what it says. */
    @Test
    void shouldContainThePortThatTheKernelGives() {
        try (Loopback net = new Loopback()) {
            int client = net.connect(net.port(net.listener()));
            assertTrue(EphemeralPorts.read().contains(net.port(client)));
            assertTrue(EphemeralPorts.read().first() > 1, "was read, not assumed");
        }
    }

    @Test
    void shouldCountWhatTheKernelGivesOut() {
        assertEquals(28_232, new EphemeralPorts(32_768, 60_999).count());
        assertEquals(2, new EphemeralPorts(40_000, 40_002).count());
        assertEquals(1, new EphemeralPorts(40_000, 40_000).count());
    }
}
