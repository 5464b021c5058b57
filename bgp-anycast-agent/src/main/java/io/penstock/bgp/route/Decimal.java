package io.penstock.bgp.route;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Unsigned numbers in the one way to write them: decimal, without a sign and without zeros in front (RFC 8092 section 5). */
final class Decimal {
    static final long MAX_16_BITS = 0xffffL;
    static final long MAX_32_BITS = 0xffff_ffffL;

    /** No longer than 4294967295 is. */
    private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,9}");

    private Decimal() {}

    /**
     * Empty when the text has another form, or is more.
     *
     * @param max {@link #MAX_32_BITS} or less
     */
    static OptionalLong parse(String text, long max) {
        if (!FORM.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        long value = Long.parseLong(text);
        return value <= max ? OptionalLong.of(value) : OptionalLong.empty();
    }
}
