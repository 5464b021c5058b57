package io.penstock.events;

import java.util.regex.Pattern;

/** Values in a line of the process's log. */
public final class LogText {
    /** Controls, formats such as overrides of direction, line ends. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private static final Pattern WORD = Pattern.compile("[^\\s\"=]+");

    private LogText() {}

    /** As it is when it is a word, else between double quotes; one line, whatever it is. */
    public static String of(String text) {
        String line = UNPRINTABLE.matcher(text).replaceAll("?");
        return WORD.matcher(line).matches() ? line : '"' + line.replace('"', '\'') + '"';
    }
}
