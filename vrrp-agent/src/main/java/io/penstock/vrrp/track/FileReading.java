package io.penstock.vrrp.track;

import io.penstock.vrrp.track.TrackBoard.Sight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a tracked file said when it was looked at. */
record FileReading(int number, String evidence) {
    /** Which it is as well while somebody writes to it: a shell empties a file first. */
    static final FileReading EMPTY = nothing("is empty");

    /** Beyond it numbers are taken for this one: whatever it is multiplied by, it decides. */
    private static final int MAX = 255;

    /** More than a number and its line end is no number. */
    private static final int MAX_OCTETS = 64;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");
    private static final int MAX_DIGITS = 9;

    static FileReading of(Path file) {
        try {
            // A pipe would be waited for, and a device has no end.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return nothing("is not a file");
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] octets = in.readNBytes(MAX_OCTETS + 1);
                return of(new String(octets, StandardCharsets.US_ASCII).strip(), octets.length > MAX_OCTETS);
            }
        } catch (NoSuchFileException e) {
            return nothing("is not there");
        } catch (IOException e) {
            return nothing("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static FileReading of(String text, boolean isCut) {
        if (text.isEmpty() && !isCut) {
            return EMPTY;
        }
        if (isCut || !NUMBER.matcher(text).matches()) {
            return nothing("has something else than a number in it");
        }
        int number = number(text);
        return new FileReading(number, "says " + number);
    }

    private static int number(String text) {
        boolean negative = text.startsWith("-");
        String digits = text.replaceFirst("^[+-]?0*", "");
        int most = digits.length() > MAX_DIGITS ? MAX : Math.min(MAX, Integer.parseInt("0" + digits));
        return negative ? -most : most;
    }

    private static FileReading nothing(String why) {
        return new FileReading(0, why + ", which counts as 0");
    }

    Sight sight() {
        return new Sight(true, number, evidence);
    }
}
