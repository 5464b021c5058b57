package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of drains: a line when one begins, every ten seconds, and when it ends. */
final class DrainLog {
    static final long INTERVAL_NS = 10_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(DrainLog.class);

    private DrainLog() {}

    static void begun(DrainStatus status) {
        DrainPlan plan = status.plan();
        LOG.info(
                "event=drain-begun target=\"{}\" connections={} rate={}/s jitter={}% deadline={} oldest={}s",
                status.target(),
                status.atStart(),
                plan.ratePerSecond(),
                plan.jitterPercent(),
                plan.deadline().map(Duration::toSeconds).map(s -> s + "s").orElse("none"),
                status.oldest().toSeconds());
    }

    static void underWay(DrainStatus status) {
        LOG.info(
                "event=drain target=\"{}\" closed={} ended={} left={} oldest={}s",
                status.target(),
                status.closed(),
                status.ended(),
                status.left(),
                status.oldest().toSeconds());
    }

    static void over(DrainStatus status, Duration took) {
        LOG.info(
                "event=drain-ended target=\"{}\" state={} closed={} ended={} left={} took={}ms",
                status.target(),
                status.state(),
                status.closed(),
                status.ended(),
                status.left(),
                took.toMillis());
    }
}
