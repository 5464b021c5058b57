package io.penstock.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpAddressTest {
    /** The first and the last of each block, and their neighbours. */
    @ParameterizedTest
    @CsvSource({
        "169.253.255.255, false",
        "169.254.0.0, true",
        "169.254.255.255, true",
        "169.255.0.0, false",
        "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff, false",
        "fe80::, true",
        "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "fec0::, false",
        "::a9fe:1, false"
    })
    void shouldTellLinkLocalAddresses(String address, boolean linkLocal) {
        assertEquals(linkLocal, IpAddress.parse(address).orElseThrow().isLinkLocal());
    }
}
