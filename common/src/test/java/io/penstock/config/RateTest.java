package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    @Property
    void shouldReadBackWhenWritten(@ForAll @IntRange(max = 999_999_999) int count) {
        for (Rate rate : new Rate[] {Rate.perSecond(count), Rate.perMinute(count), Rate.perHour(count)}) {
            assertEquals(Optional.of(rate), Rate.parse(rate.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/s", "5", "5/", "5 /s", "5/ s", "-5/s", "5.5/s", "5/d", "5/S", "1000000000/s", "5/s\n"})
    void shouldRefuseWhenFormIsAnother(String text) {
        assertEquals(Optional.empty(), Rate.parse(text));
    }

    @Test
    void shouldTellIntervals() {
        assertEquals(20_000_000, Rate.perSecond(50).intervalNs());
        assertEquals(1_000_000_000, Rate.perMinute(60).intervalNs());
        assertEquals(1_200_000_000_000L, Rate.perHour(3).intervalNs());
        assertEquals(333_333_333, Rate.perSecond(3).intervalNs());
        assertEquals(1, Rate.perSecond(999_999_999).intervalNs());
    }

    @Test
    void shouldCompareBySpeed() {
        assertEquals(0, Rate.perSecond(1).compareTo(Rate.perMinute(60)));
        assertTrue(Rate.perSecond(1).compareTo(Rate.perHour(3599)) > 0);
        assertTrue(Rate.perHour(999_999_999).compareTo(Rate.perSecond(999_999_999)) < 0);
    }
}
