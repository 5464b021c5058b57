package io.penstock.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixAddressTest {
    @Test
    void shouldPrintWhatItRead() {
        UnixAddress file = UnixAddress.parse("unix:/run/web.sock").orElseThrow();
        UnixAddress other = UnixAddress.parse("unix:@web").orElseThrow();

        assertEquals("unix:/run/web.sock", file.toString());
        assertFalse(file.isAbstract());
        assertEquals("unix:@web", other.toString());
        assertTrue(other.isAbstract());
        assertEquals("unix:@web", Endpoint.of(other).toString());
    }

    @Test
    void shouldTakeWhatSunPathTakes() {
        assertTrue(UnixAddress.ofName("/" + "x".repeat(106)).isPresent());
        assertTrue(UnixAddress.ofName("/" + "x".repeat(107)).isEmpty());
        assertTrue(UnixAddress.ofName("@" + "x".repeat(106)).isPresent());
        assertTrue(UnixAddress.ofName("@" + "x".repeat(107)).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:",
                "unix:/",
                "unix:/run/",
                "unix:web.sock",
                "unix:@",
                "unix:/a b",
                "unix:/\u00e4",
                "/run/web"
            })
    void shouldRefuseWhatIsNoName(String text) {
        assertEquals(Optional.empty(), UnixAddress.parse(text));
    }
}
