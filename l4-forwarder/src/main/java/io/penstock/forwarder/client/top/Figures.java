package io.penstock.forwarder.client.top;

import java.util.Locale;

/** Numbers in a few columns of a screen; a dash is one that nobody knows. */
final class Figures {
    static final String UNKNOWN = "-";

    private static final String[] THOUSANDS = {"", "k", "M", "G", "T"};
    private static final String[] BINARY = {"B", "K", "M", "G", "T"};

    private Figures() {}

    /** As it is up to six digits, then {@code 1.2M}. */
    static String count(long count) {
        if (count < 0) {
            return UNKNOWN;
        }
        return count < 1_000_000 ? Long.toString(count) : scaled((double) count, 1000, THOUSANDS);
    }

    /** Per second: {@code 0.3}, {@code 42}, {@code 12.3k}. */
    static String rate(double rate) {
        if (Double.isNaN(rate)) {
            return UNKNOWN;
        }
        if (rate < 9.95) {
            return rate == 0 ? "0" : format("%.1f", rate);
        }
        return rate < 9_999.5 ? format("%.0f", rate) : scaled(rate, 1000, THOUSANDS);
    }

    /** Octets in units of 1024: {@code 512B}, {@code 3.4M}. */
    static String octets(double octets) {
        if (Double.isNaN(octets)) {
            return UNKNOWN;
        }
        return octets < 1023.5 ? format("%.0fB", octets) : scaled(octets, 1024, BINARY);
    }

    private static String scaled(double value, int base, String[] units) {
        double rest = value;
        int unit = 0;
        while (rest >= base - 0.5 && unit < units.length - 1) {
            rest /= base;
            unit++;
        }
        return format("%.1f", rest) + units[unit];
    }

    /** Milliseconds with two digits that mean something: {@code 0.21}, {@code 1.4}, {@code 120}, {@code 12.5s}. */
    static String millis(double ms) {
        if (Double.isNaN(ms)) {
            return UNKNOWN;
        }
        if (ms < 0.995) {
            return format("%.2f", ms);
        }
        if (ms < 9.95) {
            return format("%.1f", ms);
        }
        return ms < 9_999.5 ? format("%.0f", ms) : format("%.1fs", ms / 1000);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
