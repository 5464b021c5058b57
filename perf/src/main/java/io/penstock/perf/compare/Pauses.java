package io.penstock.perf.compare;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When all threads of a JVM stood still, for collections and otherwise.
 *
 * @param log lines of its safepoint log
 */
record Pauses(List<String> log) {
    private static final Pattern TOTAL = Pattern.compile("Total: *([0-9]+) ns");
    private static final double NANOS_PER_MILLI = 1e6;

    Pauses {
        log = List.copyOf(log);
    }

    /** 0 without any. */
    double longestMs() {
        double longest = 0;
        for (String line : log) {
            Matcher total = TOTAL.matcher(line);
            if (total.find()) {
                longest = Math.max(longest, Long.parseLong(total.group(1)) / NANOS_PER_MILLI);
            }
        }
        return longest;
    }
}
