package io.penstock.forwarder.admin;

import io.penstock.admin.JsonObjectReader;
import io.penstock.admin.RequestException;
import io.penstock.config.DurationText;
import io.penstock.config.Rate;
import io.penstock.forwarder.operate.DrainPlan;
import java.time.Duration;
import java.util.Optional;

/** Reads how a drain shall go; without any key it waits until connections end by themselves. */
final class DrainPlanReader {
    private static final int MAX_PER_SECOND = 1_000_000;
    private static final Duration MAX_DEADLINE = Duration.ofDays(10);

    private DrainPlanReader() {}

    static DrainPlan read(JsonObjectReader body) throws RequestException {
        double perSecond = body.text(
                        "rate",
                        "a rate such as 500/s or 90/m, up to " + MAX_PER_SECOND + "/s",
                        DrainPlanReader::perSecond)
                .orElse(0.0);
        int jitter = body.integer("jitterPercent", 0, 100).orElse(DrainPlan.DEFAULT_JITTER_PERCENT);
        Optional<Duration> deadline = body.text(
                "deadline", "a duration from 1ms to " + DurationText.format(MAX_DEADLINE), text -> DurationText.parse(
                                text)
                        .filter(duration -> duration.toMillis() > 0 && duration.compareTo(MAX_DEADLINE) <= 0));
        boolean closeRest = body.bool("closeRest").orElse(false);
        if (closeRest && deadline.isEmpty()) {
            throw RequestException.badRequest("closeRest is for a deadline only");
        }
        return new DrainPlan(perSecond, jitter, deadline, closeRest);
    }

    private static Optional<Double> perSecond(String text) {
        return Rate.parse(text)
                .map(rate -> (double) rate.count() / rate.per().toSeconds())
                .filter(perSecond -> perSecond > 0 && perSecond <= MAX_PER_SECOND);
    }
}
