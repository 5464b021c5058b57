package io.penstock.vrrp.config;

import io.penstock.config.ConfigSection;
import java.time.Duration;

/** Reads {@code announce} of a router. */
final class AnnounceReader {
    private static final int MAX_REPEAT = 100;
    private static final Duration MAX_AGAIN = Duration.ofMinutes(10);
    private static final Duration MIN_REFRESH = Duration.ofSeconds(1);
    private static final Duration MAX_REFRESH = Duration.ofHours(24);

    private AnnounceReader() {}

    static AnnounceConfig read(ConfigSection announce) {
        AnnounceConfig usual = AnnounceConfig.DEFAULT;
        int repeat = announce.integer("repeat", usual.repeat(), 1, MAX_REPEAT);
        Duration again = announce.duration("again", usual.again(), Duration.ZERO, MAX_AGAIN);
        Duration refresh = announce.duration("refresh", usual.refresh(), Duration.ZERO, MAX_REFRESH);
        if (!refresh.isZero() && refresh.compareTo(MIN_REFRESH) < 0) {
            announce.problem("refresh", "must be at least 1s, or 0s for never");
        }
        return new AnnounceConfig(repeat, again, refresh);
    }
}
