package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @Property
    void shouldReadBackWhenFormatted(@ForAll @LongRange(max = 1L << 38) long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertEquals(Optional.of(duration), DurationText.parse(DurationText.format(duration)));
    }

    @Test
    void shouldCountNothingInSeconds() {
        assertEquals("0s", DurationText.format(Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "1.5s", "5S", "1h30m", "1d", "5us", "9999999999999s", "5s\n"})
    void shouldRefuseWhenFormIsAnother(String text) {
        assertEquals(Optional.empty(), DurationText.parse(text));
    }
}
