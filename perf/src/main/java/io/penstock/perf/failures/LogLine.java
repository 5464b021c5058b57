package io.penstock.perf.failures;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A balancer says that a backend gets connections, or gets none any more.
 *
 * @param backend its name in the pool
 */
record LogLine(String backend, boolean in) {
    /** Of one kind of balancer; empty for a line that says something else. */
    @FunctionalInterface
    interface Parser {
        Optional<LogLine> parse(String line);
    }

    /** {@code event=health backend=POOL/ID state=down …} or {@code event=backend backend=POOL/ID from=UP to=DOWN …}. */
    private static final Pattern PENSTOCK =
            Pattern.compile("event=(?:health|backend) backend=" + Site.POOL + "/(\\S+) .*?\\b(?:state|to)=([\\w-]+)");

    /** The states in which a backend gets connections, all or some. */
    private static final Set<String> PENSTOCK_IN = Set.of("UP", "STARTING", "TRIAL");

    /** {@code [WARNING]  (123) : Server POOL/ID is DOWN, reason: …}. */
    private static final Pattern HAPROXY = Pattern.compile("Server " + Site.POOL + "/(\\S+) is (UP|DOWN)\\b");

    static Optional<LogLine> ofPenstock(String line) {
        Matcher matcher = PENSTOCK.matcher(line);
        return matcher.find()
                ? Optional.of(new LogLine(
                        matcher.group(1), PENSTOCK_IN.contains(matcher.group(2).toUpperCase(Locale.ROOT))))
                : Optional.empty();
    }

    static Optional<LogLine> ofHaproxy(String line) {
        Matcher matcher = HAPROXY.matcher(line);
        return matcher.find()
                ? Optional.of(new LogLine(matcher.group(1), matcher.group(2).equals("UP")))
                : Optional.empty();
    }
}
