package io.penstock.health.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.health.Octets;
import io.penstock.health.Probe.Expect;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;

/** Reads what probes send and expect: a text, or a mapping with {@code text}, {@code hex} or {@code regex}. */
final class PayloadReader {
    /** More is no probe any more. */
    private static final int MAX = 4096;

    private static final int MAX_REGEX = 512;

    /** The engine writes {@code x{3}} out as {@code xxx}, and multiplies what is nested. */
    private static final int MAX_REPETITIONS = 1000;

    private static final java.util.regex.Pattern HEX =
            java.util.regex.Pattern.compile("[0-9A-Fa-f]{2}(?: ?[0-9A-Fa-f]{2})*+");
    private static final java.util.regex.Pattern COUNT = java.util.regex.Pattern.compile("\\{([0-9]+)(?:,([0-9]*))?}");

    private PayloadReader() {}

    /** Octets to send. */
    static Optional<Octets> octets(ConfigValue value) {
        return value.isMapping() ? value.section(PayloadReader::octets).flatMap(read -> read) : text(value);
    }

    /** What to look for. */
    static Optional<Expect> expect(ConfigValue value) {
        return value.isMapping()
                ? value.section(PayloadReader::expect).flatMap(read -> read)
                : text(value).map(Expect.Bytes::new);
    }

    private static Optional<Octets> octets(ConfigSection payload) {
        Optional<Octets> text = payload.optional("text").flatMap(PayloadReader::text);
        Optional<Octets> hex = payload.optional("hex").flatMap(PayloadReader::hex);
        exactlyOne(payload, "text", "hex");
        return text.or(() -> hex);
    }

    private static Optional<Expect> expect(ConfigSection payload) {
        Optional<Octets> text = payload.optional("text").flatMap(PayloadReader::text);
        Optional<Octets> hex = payload.optional("hex").flatMap(PayloadReader::hex);
        Optional<Pattern> regex = payload.optional("regex").flatMap(PayloadReader::regex);
        exactlyOne(payload, "text", "hex", "regex");
        return text.or(() -> hex).<Expect>map(Expect.Bytes::new).or(() -> regex.map(Expect.Regex::new));
    }

    private static void exactlyOne(ConfigSection payload, String... keys) {
        KeyRules.atMostOne(payload, keys);
        if (KeyRules.hasNone(payload, keys)) {
            payload.problem("text", "or one of its alternatives is needed: " + String.join(", ", keys));
        }
    }

    private static Optional<Octets> text(ConfigValue value) {
        return value.text("a text to compare octets with, or a mapping such as { hex: \"00 ff\" }")
                .filter(text -> hasLength(value, text.codePointCount(0, text.length()), MAX, "characters"))
                .map(Octets::utf8);
    }

    private static Optional<Octets> hex(ConfigValue value) {
        return value.text("pairs of hexadecimal digits").flatMap(text -> {
            if (!HEX.matcher(text).matches()) {
                value.problem("must be pairs of hexadecimal digits, such as 00ff or \"00 ff\"");
                return Optional.empty();
            }
            byte[] octets = HexFormat.of().parseHex(text.replace(" ", ""));
            return hasLength(value, octets.length, MAX, "octets") ? Optional.of(Octets.of(octets)) : Optional.empty();
        });
    }

    private static Optional<Pattern> regex(ConfigValue value) {
        return value.text("a regular expression")
                .filter(text -> hasLength(value, text.codePointCount(0, text.length()), MAX_REGEX, "characters"))
                .filter(text -> isSmall(value, text))
                .flatMap(text -> compiled(value, text));
    }

    private static Optional<Pattern> compiled(ConfigValue value, String text) {
        try {
            Pattern pattern = Pattern.compile(text);
            if (pattern.programSize() > Expect.Regex.PROGRAM_MAX) {
                value.problem("its counts and alternatives are too many to look for in every answer");
                return Optional.empty();
            }
            return Optional.of(pattern);
        } catch (PatternSyntaxException syntax) {
            value.problem("is no regular expression of RE2: " + syntax.getDescription());
            return Optional.empty();
        }
    }

    private static boolean hasLength(ConfigValue value, int length, int max, String units) {
        if (length > max) {
            value.problem("must have at most " + max + " " + units, length + " " + units);
            return false;
        }
        return true;
    }

    private static boolean isSmall(ConfigValue value, String regex) {
        BigInteger product = BigInteger.ONE;
        Matcher counts = COUNT.matcher(regex);
        while (counts.find()) {
            String last = counts.group(2);
            String most = last == null || last.isEmpty() ? counts.group(1) : last;
            product = product.multiply(new BigInteger(most).max(BigInteger.ONE));
        }
        if (product.compareTo(BigInteger.valueOf(MAX_REPETITIONS)) > 0) {
            value.problem("its counts {n}, multiplied, must be at most " + MAX_REPETITIONS);
            return false;
        }
        return true;
    }
}
