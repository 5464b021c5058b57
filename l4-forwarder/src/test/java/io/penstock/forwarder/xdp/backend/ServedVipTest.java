package io.penstock.forwarder.xdp.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServedVipTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.10, 192.0.2.10, 0, false",
        "2001:db8::10, 2001:db8::10, 0, false",
        "[2001:db8::10], 2001:db8::10, 0, false",
        "192.0.2.10:80, 192.0.2.10, 80, false",
        "192.0.2.10:80/tcp, 192.0.2.10, 80, false",
        "192.0.2.10:65535/udp, 192.0.2.10, 65535, true",
        "[2001:db8::10]:53/udp, 2001:db8::10, 53, true"
    })
    void shouldReadAnAddressMaybeWithAPort(String text, String address, int port, boolean udp) {
        assertEquals(Optional.of(new ServedVip(Frames.address(address), port, udp)), ServedVip.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web",
                "192.0.2.10:",
                "192.0.2.10:0",
                "192.0.2.10:65536",
                "192.0.2.10:80/sctp",
                "192.0.2.10/32",
                "2001:db8::10:80/udp",
                "[192.0.2.10]",
                "[2001:db8::10",
                "0.0.0.0",
                "127.0.0.1",
                "::1",
                "224.0.0.1",
                "fe80::1",
                "169.254.0.1"
            })
    void shouldRefuseWhatNoHostCanServe(String text) {
        assertEquals(Optional.empty(), ServedVip.parse(text));
    }
}
