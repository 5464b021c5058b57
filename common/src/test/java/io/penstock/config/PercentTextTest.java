package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTextTest {
    @Property
    void shouldReadBackWhenFormatted(@ForAll @IntRange(max = 99_999_999) int hundredths) {
        assertEquals(OptionalInt.of(hundredths), PercentText.parse(PercentText.format(hundredths)));
    }

    @ParameterizedTest
    @CsvSource({"0%, 0", "10%, 1000", "12.5%, 1250", "0.01%, 1", "010.50%, 1050", "100.00%, 10000"})
    void shouldReadHundredths(String text, int hundredths) {
        assertEquals(OptionalInt.of(hundredths), PercentText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "10", "10 %", "-1%", "1.%", ".5%", "1.555%", "1e1%", "1000000%", "10%\n", "10%%"})
    void shouldRefuseWhenFormIsAnother(String text) {
        assertEquals(OptionalInt.empty(), PercentText.parse(text));
    }
}
