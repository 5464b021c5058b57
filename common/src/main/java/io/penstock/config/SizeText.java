package io.penstock.config;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as a file writes them, in bytes: a whole number and one unit, a power of 1024 (IEC 80000-13). */
final class SizeText {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");
    private static final Map<String, Long> UNITS = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private SizeText() {}

    /** Empty when the text has another form. */
    static OptionalLong parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? OptionalLong.of(Long.parseLong(form.group(1)) * UNITS.get(form.group(2)))
                : OptionalLong.empty();
    }

    /** The shortest form, which {@link #parse} reads back unless it has more than nine digits. */
    static String format(long bytes) {
        if (bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}
