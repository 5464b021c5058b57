package io.penstock.forwarder.client.top;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({"-1, -", "0, 0", "999999, 999999", "1000000, 1.0M", "1234567890, 1.2G"})
    void shouldShortenCounts(long count, String text) {
        assertEquals(text, Figures.count(count));
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, -",
        "0, 0",
        "0.04, 0.0",
        "0.25, 0.3",
        "9.94, 9.9",
        "9.96, 10",
        "9999, 9999",
        "9999.6, 10.0k",
        "999960, 1.0M"
    })
    void shouldShortenRates(double rate, String text) {
        assertEquals(text, Figures.rate(rate));
    }

    @ParameterizedTest
    @CsvSource({"NaN, -", "0, 0B", "1023, 1023B", "1023.9, 1.0K", "1048576, 1.0M", "1048570, 1.0M", "5e15, 4547.5T"})
    void shouldShortenOctets(double octets, String text) {
        assertEquals(text, Figures.octets(octets));
    }

    @ParameterizedTest
    @CsvSource({"NaN, -", "0.064, 0.06", "0.999, 1.0", "9.94, 9.9", "120.4, 120", "9999.6, 10.0s", "32000, 32.0s"})
    void shouldShortenMilliseconds(double ms, String text) {
        assertEquals(text, Figures.millis(ms));
    }
}
