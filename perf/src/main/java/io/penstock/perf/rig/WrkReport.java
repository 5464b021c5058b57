package io.penstock.perf.rig;

import java.io.IOException;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The summary that wrk prints.
 *
 * @param requests that were answered
 * @param seconds in which they were
 * @param failures connections and requests that failed, and answers that were no success
 */
public record WrkReport(long requests, double seconds, long failures) {
    private static final Pattern DONE = Pattern.compile("(\\d+) requests in ([0-9.]+)(us|ms|s|m|h),");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern OTHER_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Map<String, Double> SECONDS = Map.of("us", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "h", 3600.0);

    /** Fails when there is none, or when nothing came through. */
    public static WrkReport parse(String output) throws IOException {
        Matcher done = DONE.matcher(output);
        if (!done.find() || Long.parseLong(done.group(1)) == 0) {
            throw new IOException("wrk: no request came through: " + output.trim());
        }
        long failures = sum(SOCKET_ERRORS, output) + sum(OTHER_STATUS, output);
        double seconds = Double.parseDouble(done.group(2)) * SECONDS.get(done.group(3));
        return new WrkReport(Long.parseLong(done.group(1)), seconds, failures);
    }

    public double perSecond() {
        return requests / seconds;
    }

    private static long sum(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            return 0;
        }
        MatchResult numbers = matcher.toMatchResult();
        long sum = 0;
        for (int group = 1; group <= numbers.groupCount(); group++) {
            sum += Long.parseLong(numbers.group(group));
        }
        return sum;
    }
}
