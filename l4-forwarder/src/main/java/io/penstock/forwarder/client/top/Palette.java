package io.penstock.forwarder.client.top;

import java.nio.charset.Charset;
import java.util.Locale;
import org.jline.utils.AttributedStyle;

/**
 * How things look on this terminal. What a colour says, a word says too.
 *
 * @param colours false with {@code NO_COLOR} (no-color.org) or a terminal that has none: bold, dim and reverse remain
 * @param unicode whether its encoding has more than ASCII
 */
record Palette(boolean colours, boolean unicode) {
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;

    /**
     * For a terminal.
     *
     * @param noColor the environment variable, or null
     * @param maxColors as terminfo has it, or null
     */
    static Palette of(String noColor, Integer maxColors, Charset encoding) {
        boolean wanted = noColor == null || noColor.isEmpty();
        boolean able = maxColors != null && maxColors >= 8;
        return new Palette(wanted && able, hasUnicode(encoding));
    }

    static boolean hasUnicode(Charset encoding) {
        return encoding.name().toUpperCase(Locale.ROOT).startsWith("UTF-");
    }

    AttributedStyle plain() {
        return PLAIN;
    }

    AttributedStyle dim() {
        return PLAIN.faint();
    }

    AttributedStyle bold() {
        return PLAIN.bold();
    }

    AttributedStyle title() {
        return PLAIN.inverse();
    }

    AttributedStyle good() {
        return colour(PLAIN, AttributedStyle.GREEN);
    }

    AttributedStyle warn() {
        return colour(PLAIN, AttributedStyle.YELLOW);
    }

    AttributedStyle bad() {
        return colour(PLAIN.bold(), AttributedStyle.RED);
    }

    private AttributedStyle colour(AttributedStyle style, int colour) {
        return colours ? style.foreground(colour) : style;
    }

    AttributedStyle ofState(String state) {
        return switch (state) {
            case "up", "running" -> good();
            case "down" -> bad();
            default -> warn();
        };
    }

    AttributedStyle ofLevel(String level) {
        return switch (level) {
            case "error" -> bad();
            case "warn" -> warn();
            default -> plain();
        };
    }

    /** Behind the title of the column that rows are ordered by. */
    String orderMark(boolean descending) {
        if (unicode) {
            return descending ? "▼" : "▲";
        }
        return descending ? "v" : "^";
    }

    String ellipsis() {
        return unicode ? "…" : "~";
    }
}
