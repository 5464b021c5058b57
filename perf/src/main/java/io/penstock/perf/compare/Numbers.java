package io.penstock.perf.compare;

import java.util.Locale;

/** Numbers for people: three digits that count. */
public final class Numbers {
    private static final double KILO = 1_000;

    private Numbers() {}

    public static String shortly(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        if (Math.abs(value) >= 9_999.5) {
            return digits(value / KILO) + "k";
        }
        return digits(value);
    }

    /** The median, with the least and the most. */
    public static String withRange(Series series) {
        return series.isMeasured()
                ? shortly(series.median()) + " [" + shortly(series.min()) + "-" + shortly(series.max()) + "]"
                : "-";
    }

    private static String digits(double value) {
        double size = Math.abs(value);
        String format = size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
