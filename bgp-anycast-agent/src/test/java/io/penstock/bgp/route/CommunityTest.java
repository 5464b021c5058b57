package io.penstock.bgp.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommunityTest {
    @Property
    void shouldReadBackWhenWritten(@ForAll int value) {
        Community community = new Community(value);
        assertEquals(Optional.of(community), Community.parse(community.toString()));
    }

    /** Random values hit the well-known ones too seldom: all of both registered halves. */
    @Property
    void shouldReadBackWhenWellKnown(@ForAll @IntRange(max = 0xffff) int low) {
        Community community = new Community(0xffff_0000 | low);
        assertEquals(Optional.of(community), Community.parse(community.toString()));
    }

    @Property
    void shouldTakeAnyTextWithoutThrowing(@ForAll String text) {
        assertNotNull(Community.parse(text));
    }

    @Property
    void shouldReadNumbersInOneFormOnly(
            @ForAll @NumericChars @StringLength(min = 1, max = 6) String high,
            @ForAll @NumericChars @StringLength(min = 1, max = 6) String low) {
        Community.parse(high + ":" + low)
                .ifPresent(found ->
                        assertEquals(high + ":" + low, (found.value() >>> 16) + ":" + (found.value() & 0xffff)));
    }

    /** The values are those of IANA's registry. */
    @ParameterizedTest
    @CsvSource({
        "65001:100,           fde90064, 65001:100",
        "0:0,                 00000000, 0:0",
        "65535:65535,         ffffffff, 65535:65535",
        "graceful-shutdown,   ffff0000, graceful-shutdown",
        "65535:0,             ffff0000, graceful-shutdown",
        "accept-own,          ffff0001, accept-own",
        "llgr-stale,          ffff0006, llgr-stale",
        "no-llgr,             ffff0007, no-llgr",
        "blackhole,           ffff029a, blackhole",
        "65535:666,           ffff029a, blackhole",
        "no-export,           ffffff01, no-export",
        "no-advertise,        ffffff02, no-advertise",
        "no-export-subconfed, ffffff03, no-export-subconfed",
        "no-peer,             ffffff04, no-peer",
    })
    void shouldReadAndWrite(String text, String octets, String written) {
        Community community = Community.parse(text).orElseThrow();
        assertEquals(Integer.parseUnsignedInt(octets, 16), community.value());
        assertEquals(written, community.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "65001",
                "65001:",
                ":100",
                "65536:1",
                "1:65536",
                "-1:1",
                "+1:1",
                "01:1",
                "1:01",
                " 1:1",
                "1:1 ",
                "1:1:1",
                "0x1:1",
                "4294967295",
                "99999999999999999999:1",
                "No-Export",
                "no-such",
                "١:1",
            })
    void shouldRefuseWhenFormIsAnother(String text) {
        assertEquals(Optional.empty(), Community.parse(text));
    }

    @Test
    void shouldComeInTheOrderOfTheWire() {
        assertTrue(Community.GRACEFUL_SHUTDOWN.compareTo(new Community(1)) > 0);
        assertTrue(Community.GRACEFUL_SHUTDOWN.compareTo(Community.NO_EXPORT) < 0);
    }
}
