package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Typed reads of one value. */
class ConfigValueTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"1, 10", "10, 100", "3.0, 30", "2.50, 25", "1.1e0, 11", "0.1e2, 100"})
    void shouldReadTenths(String text, int tenths) throws IOException {
        assertEquals(OptionalInt.of(tenths), read(text, value -> value.tenths(1, 10)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.9",
                "10.1",
                "2.55",
                "1e999999999",
                "1e-999999999",
                ".inf",
                ".nan",
                "0x5",
                "'5'",
                "five",
                "[5]",
                "-2"
            })
    void shouldRefuseWhatIsNoNumberOfTenths(String text) throws IOException {
        assertEquals(
                "must be a number from 1 to 10 with at most one decimal", rule(text, value -> value.tenths(1, 10)));
    }

    @Test
    void shouldReadPercentages() throws IOException {
        assertEquals(OptionalInt.of(10), read("10%", value -> value.wholePercent(1, 50)));
        assertEquals(OptionalInt.of(10), read("'10.0%'", value -> value.wholePercent(1, 50)));
        assertEquals(OptionalInt.of(1250), read("12.5%", value -> value.percent(1, 10_000)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10    | must be a whole number with a percent sign, from 1% to 50%
            0.1   | must be a whole number with a percent sign, from 1% to 50%
            10.5% | must be a whole number with a percent sign, from 1% to 50%
            [10%] | must be a whole number with a percent sign, from 1% to 50%
            0%    | must be a percentage from 1% to 50%
            51%   | must be a percentage from 1% to 50%
            """)
    void shouldRefuseWhatIsNoWholePercentage(String text, String rule) throws IOException {
        assertEquals(rule, rule(text, value -> value.wholePercent(1, 50)));
    }

    @Test
    void shouldReadRates() throws IOException {
        assertEquals(Optional.of(Rate.perSecond(50)), read("50/s", ConfigValueTest::rate));
        assertEquals(Optional.of(Rate.perMinute(6000)), read("'6000/m'", ConfigValueTest::rate));
        assertEquals(Optional.of(Rate.perHour(1)), read("1/h", ConfigValueTest::rate));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            50      | needs a unit, such as 50/s or 50/m
            fast    | must be a rate such as 50/s, 300/m or 1000/h, from 1/h to 100/s
            50 / s  | must be a rate such as 50/s, 300/m or 1000/h, from 1/h to 100/s
            5/ms    | must be a rate such as 50/s, 300/m or 1000/h, from 1/h to 100/s
            0.5/s   | must be a rate such as 50/s, 300/m or 1000/h, from 1/h to 100/s
            -1/s    | must be a rate such as 50/s, 300/m or 1000/h, from 1/h to 100/s
            1e3/s   | must be a rate such as 50/s, 300/m or 1000/h, from 1/h to 100/s
            [50/s]  | must be a rate such as 50/s, 300/m or 1000/h, from 1/h to 100/s
            0/h     | must be a rate from 1/h to 100/s
            101/s   | must be a rate from 1/h to 100/s
            6001/m  | must be a rate from 1/h to 100/s
            """)
    void shouldRefuseWhatIsNoRateWithinBounds(String text, String rule) throws IOException {
        assertEquals(rule, rule(text, ConfigValueTest::rate));
    }

    private static Optional<Rate> rate(ConfigValue value) {
        return value.rate(Rate.perHour(1), Rate.perSecond(100));
    }

    @Test
    void shouldReadBooleans() throws IOException {
        assertEquals(Optional.of(true), read("true", ConfigValue::bool));
        assertEquals(Optional.of(false), read("False", ConfigValue::bool));
        for (String text : new String[] {"yes", "'true'", "1", "null", "[true]"}) {
            assertEquals("must be true or false", rule(text, ConfigValue::bool));
        }
    }

    private <T> T read(String text, Function<ConfigValue, T> type) throws IOException {
        Path file = Files.writeString(directory.resolve("f.yaml"), "a: " + text);
        return ConfigFile.read(file, root -> type.apply(root.required("a").orElseThrow()));
    }

    private String rule(String text, Function<ConfigValue, ?> type) throws IOException {
        try {
            return "read as " + read(text, type);
        } catch (InvalidConfigException invalid) {
            return invalid.problems().get(0).rule();
        }
    }
}
