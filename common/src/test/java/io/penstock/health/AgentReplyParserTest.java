package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.health.AgentReport.Admin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentReplyParserTest {
    /** Weight, admin state, up or down, limit and reason; {@code -} for what is not mentioned. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                         | -   - - -  -",
                "75%                        | 75  - - -  -",
                "0%                         | 0   - - -  -",
                "up                         | -   - up -  -",
                "UP Ready 100%              | 100 READY up -  -",
                "ready,up,50%,maxconn:30    | 50  READY up 30 -",
                "'\t drain\t,,75% '         | 75  DRAIN - -  -",
                "maint#why                  | -   - - -  -",
                "maint #  why not           | -   MAINTENANCE - - why not",
                "down#x                     | -   - - -  -",
                "down # out of memory, 75%  | -   - down - out of memory, 75%",
                "fail                       | -   - down -  -",
                "failed                     | -   - down -  -",
                "stopped #by hand           | -   - down - by hand",
                "75% # 0.42 load            | 75  - - -  -",
                // The last word of a kind counts, even when its number cannot be read.
                "up down 10% 20%            | 20  - down -  -",
                "down up drain ready        | -   READY up -  -",
                "10% 20%x                   | -   - - -  -",
                "10% 7%5%                   | -   - - -  -",
                "maxconn:5 maxconn:         | -   - - -  -",
                "maxconn:0                  | -   - - 0  -",
                "MAXCONN:12                 | -   - - 12 -",
                "maxconn: 12                | -   - - -  -",
                "maxconn:-1                 | -   - - -  -",
                // As HAProxy, whose largest weight is 256; and no overflow.
                "300%                       | 256 - - -  -",
                "99999999999999999999%      | 256 - - -  -",
                "007%                       | 7   - - -  -",
                "maxconn:99999999999999     | -   - - 1000000000 -",
                // Unknown words, and none of these is a percentage.
                "hello 75 %75 -5% +5% .5% 5.5% upp | - - - -  -",
                "50%;up                     | -   - - -  -",
            })
    void shouldReadAsHaproxyDoes(String line, String expected) {
        AgentReport report = AgentReplyParser.parse(line);
        String read = text(report.weightPercent()) + " "
                + report.admin().map(Admin::name).orElse("-") + " "
                + report.verdict().map(up -> up ? "up" : "down").orElse("-") + " " + text(report.maxConnections()) + " "
                + (report.reason().isEmpty() ? "-" : report.reason());
        assertEquals(expected.replaceAll(" +", " "), read);
    }

    private static String text(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : "-";
    }

    @Property(tries = 50_000)
    void shouldTakeAnything(@ForAll("lines") String line) {
        AgentReport report = AgentReplyParser.parse(line);
        assertTrue(report.weightPercent().orElse(0) >= 0);
        assertTrue(report.weightPercent().orElse(0) <= AgentReport.MAX_WEIGHT_PERCENT);
        assertTrue(report.maxConnections().orElse(0) >= 0);
        assertTrue(report.reason().length() <= 200);
        assertTrue(report.reason().chars().noneMatch(c -> Character.isISOControl(c) || c == '"'));
    }

    /** Words after a report's own words are those of the report, whatever stands between and before. */
    @Property(tries = 20_000)
    void shouldLetLastWordsCount(@ForAll("lines") String noise) {
        String before = noise.replace("#", "");
        AgentReport report = AgentReplyParser.parse(before + " 42%,drain\tup maxconn:7 # because");
        assertEquals(
                new AgentReport(
                        OptionalInt.of(42), Optional.of(Admin.DRAIN), Optional.of(true), OptionalInt.of(7), "because"),
                report);
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> words = Arbitraries.of(
                "up",
                "down",
                "ready",
                "drain",
                "maint",
                "fail",
                "failed",
                "stopped",
                "75%",
                "maxconn:30",
                "%",
                "#",
                ":",
                "maxconn:",
                " ",
                "\t",
                ",",
                "-",
                "99999999999",
                "\u0000",
                "\u00ff",
                "\"");
        Arbitrary<String> octets = Arbitraries.bytes()
                .list()
                .ofMaxSize(6)
                .map(bytes -> new String(toArray(bytes), StandardCharsets.ISO_8859_1));
        return Arbitraries.oneOf(words, words, words, octets)
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    private static byte[] toArray(List<Byte> bytes) {
        byte[] array = new byte[bytes.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = bytes.get(i);
        }
        return array;
    }
}
