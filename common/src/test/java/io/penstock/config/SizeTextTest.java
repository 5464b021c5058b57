package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTextTest {
    @Property
    void shouldReadBackWhenFormatted(
            @ForAll @LongRange(max = 999_999_999) long count, @ForAll @IntRange(max = 3) int unit) {
        long bytes = count << (10 * unit);

        assertEquals(OptionalLong.of(bytes), SizeText.parse(SizeText.format(bytes)));
    }

    @Test
    void shouldUseTheLargestUnitThatFits() {
        assertEquals("4MiB", SizeText.format(4 << 20));
        assertEquals("1025KiB", SizeText.format((1 << 20) + 1024));
        assertEquals("1025B", SizeText.format(1025));
        assertEquals("1GiB", SizeText.format(1 << 30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "MiB", "4 MiB", "-4MiB", "1.5MiB", "4MB", "4M", "4mib", "4TiB", "9999999999B", "4MiB\n"
            })
    void shouldRefuseWhenFormIsAnother(String text) {
        assertEquals(OptionalLong.empty(), SizeText.parse(text));
    }
}
