package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9080, true",
        "[::1]:9080, true",
        "192.0.2.1:1, false",
        "0.0.0.0:65535, false",
        "unix:/run/admin.sock, true"
    })
    void shouldReadBackWhatItWrites(String text, boolean local) {
        AdminAddress address = AdminAddress.parse(text).orElseThrow();
        assertEquals(text, address.toString());
        assertEquals(local, address.isLocal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "9080",
                ":9080",
                "localhost:9080",
                "127.0.0.1",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "::1:9080",
                "[127.0.0.1]:9080",
                "[::1]",
                "unix:",
                "unix:run/admin.sock",
                "unix:/",
                "unix:@admin",
                "/run/admin.sock",
                "unix:/a\0b",
                "127.0.0.01:9080",
                "[::1/128]:9080",
                "unix:/a b"
            })
    void shouldRefuseWhatIsNoAddress(String text) {
        assertEquals(Optional.empty(), AdminAddress.parse(text));
    }

    @Test
    void shouldHoldPathsToWhatTheKernelTakes() {
        assertTrue(AdminAddress.parse("unix:/" + "a".repeat(106)).isPresent());
        assertEquals(Optional.empty(), AdminAddress.parse("unix:/" + "a".repeat(107)));
    }
}
