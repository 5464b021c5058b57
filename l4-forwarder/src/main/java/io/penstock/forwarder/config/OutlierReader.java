package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.forwarder.config.PoolConfig.OutlierEjection;
import java.time.Duration;

/** Reads {@code outlier-ejection} of a pool. */
final class OutlierReader {
    private static final int MAX_IN_A_ROW = 1000;

    /** Below one standard score about every sixth backend would be an outlier. */
    private static final int MIN_SCORE = 1;

    private static final int MAX_SCORE = 10;

    private OutlierReader() {}

    static OutlierEjection read(ConfigSection outlier) {
        OutlierEjection byDefault = OutlierEjection.DEFAULT;
        int connectFailures = outlier.integer("connect-failures", byDefault.connectFailures(), 0, MAX_IN_A_ROW);
        int earlyResets = outlier.integer("early-resets", byDefault.earlyResets(), 0, MAX_IN_A_ROW);
        int latencyScore =
                outlier.optional("latency-score").map(OutlierReader::score).orElse(byDefault.latencyScore());
        Duration time = ForwarderConfigReader.tick(outlier, "time", byDefault.ejectionTime());
        Duration maxTime = ForwarderConfigReader.tick(outlier, "max-time", longer(time, byDefault.maxEjectionTime()));
        if (outlier.isSound("time", "max-time") && maxTime.compareTo(time) < 0) {
            outlier.problem("max-time", "must not be shorter than time");
        }
        if (connectFailures == 0 && earlyResets == 0 && !outlier.has("latency-score")) {
            outlier.problem("latency-score", "is needed when connect-failures and early-resets are 0");
        }
        return new OutlierEjection(
                connectFailures,
                earlyResets,
                latencyScore,
                ForwarderConfigReader.tick(outlier, "interval", byDefault.interval()),
                time,
                maxTime,
                outlier.wholePercent("max-ejected", byDefault.maxEjectedPercent(), 1, 100));
    }

    private static int score(ConfigValue value) {
        return value.tenths(MIN_SCORE, MAX_SCORE).orElse(MIN_SCORE);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
