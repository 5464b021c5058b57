package io.penstock.config;

import java.math.BigDecimal;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Percentages as a file writes them, {@code 10%} or {@code 12.5%}, in hundredths of a percent. */
final class PercentText {
    private static final Pattern FORM = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,2})?%");

    private PercentText() {}

    static OptionalInt parse(String text) {
        return FORM.matcher(text).matches()
                ? OptionalInt.of(new BigDecimal(text.substring(0, text.length() - 1))
                        .movePointRight(2)
                        .intValueExact())
                : OptionalInt.empty();
    }

    /** The shortest form that {@link #parse} reads back. */
    static String format(int hundredths) {
        return BigDecimal.valueOf(hundredths, 2).stripTrailingZeros().toPlainString() + "%";
    }
}
