package io.penstock.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.1, 192.0.2.1/32",
        "192.0.2.1/32, 192.0.2.1/32",
        "2001:db8::/32, 2001:db8::/32",
        "2001:0DB8:00::/48, 2001:db8::/48",
        "::01, ::1/128",
        "::/0, ::/0",
        "::1, ::1/128",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:10.1.2.3, 10.1.2.3/32"
    })
    void shouldReadAndPrintWhatIsAPrefix(String text, String printed) {
        assertEquals(Optional.of(printed), IpPrefix.parse(text).map(IpPrefix::toString));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10",
                "10.0.0/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/8/8",
                "10.0.0.0/8 ",
                " 10.0.0.0/8",
                "10.0.0.0 /8",
                "10.0.0.0/ 8",
                "10.0.0.0/99999999999",
                "10.0.0.1/8",
                "010.0.0.0/8",
                "10.00.0.0/8",
                "10.0.0.01",
                "::ffff:010.0.0.0/104",
                "10.0.0.0/255.0.0.0",
                "2001:db8::/129",
                "2001:db8::1/64",
                "[2001:db8::]/32",
                "fe80::%eth0/64",
                "::ffff:10.0.0.0/8",
                "10.0.0.0-10.0.0.9",
                "example.com/8"
            })
    void shouldRefuseWhatIsNone(String text) {
        assertEquals(Optional.empty(), IpPrefix.parse(text));
    }

    @Test
    void shouldRefuseBitsBehindItsLength() {
        assertThrows(IllegalArgumentException.class, () -> new IpPrefix(IpAddress.ofIpv4(1), 127));
        assertThrows(IllegalArgumentException.class, () -> new IpPrefix(IpAddress.ANY_IPV6, 129));
        assertThrows(IllegalArgumentException.class, () -> new IpPrefix(IpAddress.ANY_IPV6, -1));
    }

    @Test
    void shouldKeepTheFamiliesApart() {
        IpPrefix everything6 = IpPrefix.parse("::/0").orElseThrow();
        IpAddress client4 = IpAddress.parse("192.0.2.1").orElseThrow();
        IpAddress client6 = IpAddress.parse("2001:db8::1").orElseThrow();
        assertFalse(everything6.contains(client4.high(), client4.low()));
        assertTrue(everything6.contains(client6.high(), client6.low()));
        assertTrue(IpPrefix.ALL_IPV4.contains(client4.high(), client4.low()));
        assertFalse(IpPrefix.ALL_IPV4.contains(client6.high(), client6.low()));
        assertFalse(everything6.contains(IpPrefix.ALL_IPV4));
        assertFalse(IpPrefix.ALL_IPV4.contains(everything6));
    }

    @Property
    void shouldPrintWhatItReads(@ForAll long high, @ForAll long low, @ForAll @IntRange(max = 128) int bits) {
        IpPrefix prefix = Prefixes.of(high, low, bits);
        assertEquals(Optional.of(prefix), IpPrefix.parse(prefix.toString()));
    }

    @Property
    void shouldPrintWhatItReadsOfIpv4(@ForAll int address, @ForAll @IntRange(max = 32) int bits) {
        IpPrefix prefix = Prefixes.ofIpv4(address, bits);
        assertEquals(Optional.of(prefix), IpPrefix.parse(prefix.toString()));
        assertTrue(prefix.toString().endsWith("/" + bits), prefix::toString);
    }

    @Property
    void shouldContainWhatSharesItsBits(
            @ForAll long high,
            @ForAll long low,
            @ForAll @IntRange(max = 128) int bits,
            @ForAll @IntRange(max = 127) int flipped) {
        IpPrefix prefix = Prefixes.of(high, low, bits);
        BigInteger address = number(high, low).flipBit(127 - flipped);
        assertEquals(flipped >= bits, prefix.contains(address.shiftRight(64).longValue(), address.longValue()));
        assertTrue(prefix.contains(high, low));
    }

    private static BigInteger number(long high, long low) {
        BigInteger mask = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
        return BigInteger.valueOf(high)
                .and(mask)
                .shiftLeft(64)
                .or(BigInteger.valueOf(low).and(mask));
    }

    @Property
    void shouldContainAPrefixWhenItContainsAllOfIt(
            @ForAll long high,
            @ForAll long low,
            @ForAll @IntRange(max = 128) int bits,
            @ForAll @IntRange(max = 128) int otherBits) {
        assertEquals(otherBits >= bits, Prefixes.of(high, low, bits).contains(Prefixes.of(high, low, otherBits)));
    }
}
