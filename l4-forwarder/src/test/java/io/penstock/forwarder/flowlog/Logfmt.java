package io.penstock.forwarder.flowlog;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a line of logfmt, whose quoted values are strings of JSON. */
final class Logfmt {
    private static final Pattern PAIR =
            Pattern.compile("([A-Za-z]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^ \"=]+)(?: |$)", Pattern.DOTALL);

    private Logfmt() {}

    static Map<String, String> parse(String line) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher pair = PAIR.matcher(line);
        int at = 0;
        while (at < line.length()) {
            assertTrue(pair.find(at) && pair.start() == at, line);
            String value = pair.group(2);
            values.put(
                    pair.group(1),
                    value.startsWith("\"") ? JsonParser.parseString(value).getAsString() : value);
            at = pair.end();
        }
        return values;
    }
}
