package io.penstock.bgp.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeCommunityTest {
    private static final long MAX = 4_294_967_295L;

    @Property
    void shouldReadBackWhenWritten(
            @ForAll @LongRange(max = MAX) long administrator,
            @ForAll @LongRange(max = MAX) long first,
            @ForAll @LongRange(max = MAX) long second) {
        LargeCommunity community = new LargeCommunity(administrator, first, second);
        assertEquals(Optional.of(community), LargeCommunity.parse(community.toString()));
    }

    @Property
    void shouldTakeAnyTextWithoutThrowing(@ForAll String text) {
        assertNotNull(LargeCommunity.parse(text));
    }

    @Property
    void shouldReadTheCanonicalFormOnly(
            @ForAll @NumericChars @StringLength(min = 1, max = 11) String administrator,
            @ForAll @NumericChars @StringLength(min = 1, max = 3) String first,
            @ForAll @NumericChars @StringLength(min = 1, max = 3) String second) {
        String text = administrator + ":" + first + ":" + second;
        LargeCommunity.parse(text).ifPresent(found -> assertEquals(text, found.toString()));
    }

    @Test
    void shouldReadEachPart() {
        assertEquals(Optional.of(new LargeCommunity(65001, 9, 1)), LargeCommunity.parse("65001:9:1"));
        assertEquals(Optional.of(new LargeCommunity(MAX, 0, MAX)), LargeCommunity.parse("4294967295:0:4294967295"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "::",
                "1:2",
                "1:2:",
                ":1:2",
                "1::2",
                "1:2:3:",
                "1:2:3:4",
                "01:2:3",
                "1:2:00",
                "-1:2:3",
                "4294967296:1:1",
                "1:4294967296:1",
                "1:1:99999999999999999999",
                "1:2:3 ",
                "1:2:x",
            })
    void shouldRefuseWhenFormIsAnother(String text) {
        assertEquals(Optional.empty(), LargeCommunity.parse(text));
    }

    @Test
    void shouldNotBeMadeOfMoreThanItHolds() {
        assertThrows(IllegalArgumentException.class, () -> new LargeCommunity(MAX + 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new LargeCommunity(0, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> new LargeCommunity(0, 0, MAX + 1));
    }
}
