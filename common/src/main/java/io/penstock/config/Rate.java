package io.penstock.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * So many of something in a span of time, as a file writes it: {@code 50/s}, {@code 3000/m} or {@code 10/h}.
 *
 * @param count 0 to 999,999,999
 * @param per one second, minute or hour
 */
public record Rate(int count, Duration per) implements Comparable<Rate> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})/([smh])");
    private static final Map<String, Duration> UNITS =
            Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1));

    public static Rate perSecond(int count) {
        return new Rate(count, Duration.ofSeconds(1));
    }

    public static Rate perMinute(int count) {
        return new Rate(count, Duration.ofMinutes(1));
    }

    public static Rate perHour(int count) {
        return new Rate(count, Duration.ofHours(1));
    }

    /** Empty when the text has another form. */
    public static Optional<Rate> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new Rate(Integer.parseInt(form.group(1)), UNITS.get(form.group(2))))
                : Optional.empty();
    }

    /** Nanoseconds from one to the next, rounded to the nearest; the count is not 0. */
    public long intervalNs() {
        return (per.toNanos() + count / 2) / count;
    }

    /** By speed: {@code 60/m} is as fast as {@code 1/s}, though not equal to it. */
    @Override
    public int compareTo(Rate other) {
        return Long.compare(count * other.per.toSeconds(), other.count * per.toSeconds());
    }

    /** As the file writes it. */
    @Override
    public String toString() {
        String unit = per.equals(Duration.ofSeconds(1)) ? "s" : per.equals(Duration.ofMinutes(1)) ? "m" : "h";
        return count + "/" + unit;
    }
}
