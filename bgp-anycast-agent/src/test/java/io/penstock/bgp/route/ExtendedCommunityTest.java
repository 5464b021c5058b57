package io.penstock.bgp.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedCommunityTest {
    @Property
    void shouldReadBackWhenWritten(@ForAll long value) {
        ExtendedCommunity community = new ExtendedCommunity(value);
        assertEquals(Optional.of(community), ExtendedCommunity.parse(community.toString()));
    }

    /** Of the types and subtypes that have words, and of their neighbours; random values hit them too seldom. */
    @Property
    void shouldReadBackWhenItHasWords(
            @ForAll @IntRange(max = 4) int type, @ForAll @IntRange(max = 4) int subtype, @ForAll long rest) {
        ExtendedCommunity community = new ExtendedCommunity((long) type << 56 | (long) subtype << 48 | rest >>> 16);
        assertEquals(Optional.of(community), ExtendedCommunity.parse(community.toString()));
    }

    @Property
    void shouldTakeAnyTextWithoutThrowing(@ForAll String text) {
        assertNotNull(ExtendedCommunity.parse(text));
        assertNotNull(ExtendedCommunity.parse("rt:" + text));
        assertNotNull(ExtendedCommunity.parse("soo:" + text + ":1"));
        assertNotNull(ExtendedCommunity.parse("0x" + text));
    }

    @ParameterizedTest
    @CsvSource({
        "rt:65001:100,            0002fde900000064, rt:65001:100",
        "soo:65001:4294967295,    0003fde9ffffffff, soo:65001:4294967295",
        "rt:0:0,                  0002000000000000, rt:0:0",
        "rt:65536:7,              0202000100000007, rt:65536:7",
        "soo:4294967295:65535,    0203ffffffffffff, soo:4294967295:65535",
        "rt:192.0.2.1:5,          0102c00002010005, rt:192.0.2.1:5",
        "soo:255.255.255.255:0,   0103ffffffff0000, soo:255.255.255.255:0",
        "0x0002fde900000064,      0002fde900000064, rt:65001:100",
        "0x02020000FDE90064,      02020000fde90064, 0x02020000fde90064",
        "0x4002fde900000064,      4002fde900000064, 0x4002fde900000064",
        "0x030c000000000008,      030c000000000008, 0x030c000000000008",
        "0xffffffffffffffff,      ffffffffffffffff, 0xffffffffffffffff",
    })
    void shouldReadAndWrite(String text, String octets, String written) {
        ExtendedCommunity community = ExtendedCommunity.parse(text).orElseThrow();
        assertEquals(Long.parseUnsignedLong(octets, 16), community.value());
        assertEquals(written, community.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rt:",
                "rt:1",
                "rt:1:",
                "rt::1",
                "rt:1:2:3",
                "65001:100",
                "RT:1:1",
                "ro:1:1",
                "rt:65535:4294967296",
                "rt:65536:65536",
                "rt:4294967296:1",
                "rt:192.0.2.1:65536",
                "rt:192.0.2:1",
                "rt:192.0.2.01:1",
                "rt:192.0.2.256:1",
                "rt:2001:db8::1:1",
                "rt:01:1",
                "rt:1:01",
                "rt:-1:1",
                "rt:65001:100 ",
                "0x",
                "0x0002fde90000006",
                "0x0002fde9000000644",
                "0X0002fde900000064",
                "0x0002fde90000006g",
                "0x+002fde900000064",
            })
    void shouldRefuseWhenFormIsAnother(String text) {
        assertEquals(Optional.empty(), ExtendedCommunity.parse(text));
    }
}
