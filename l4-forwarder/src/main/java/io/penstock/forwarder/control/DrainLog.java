package io.penstock.forwarder.control;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.events.EventType;
import io.penstock.forwarder.operate.DrainPlan;
import io.penstock.forwarder.operate.DrainStatus;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said of drains: a line in the log when one begins, every ten seconds, and when it ends; events but for those between. */
final class DrainLog {
    static final long INTERVAL_NS = 10_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(DrainLog.class);

    private final EventLog events;

    DrainLog(EventLog events) {
        this.events = events;
    }

    void begun(DrainStatus status) {
        DrainPlan plan = status.plan();
        LOG.info(
                "event=drain-begun target=\"{}\" connections={} rate={}/s jitter={}% deadline={} oldest={}s",
                status.target(),
                status.atStart(),
                plan.ratePerSecond(),
                plan.jitterPercent(),
                plan.deadline().map(Duration::toSeconds).map(s -> s + "s").orElse("none"),
                status.oldest().toSeconds());
        add(status, "begun: " + status.atStart() + " open");
    }

    void underWay(DrainStatus status) {
        LOG.info(
                "event=drain target=\"{}\" closed={} ended={} left={} oldest={}s",
                status.target(),
                status.closed(),
                status.ended(),
                status.left(),
                status.oldest().toSeconds());
    }

    void over(DrainStatus status, Duration took) {
        LOG.info(
                "event=drain-ended target=\"{}\" state={} closed={} ended={} left={} took={}ms",
                status.target(),
                status.state(),
                status.closed(),
                status.ended(),
                status.left(),
                took.toMillis());
        add(
                status,
                status.state() + ": " + status.closed() + " closed, " + status.ended() + " ended by themselves, "
                        + status.left() + " left");
    }

    private void add(DrainStatus status, String text) {
        events.add(
                EventType.DRAIN,
                Level.INFO,
                status.target(),
                text,
                EventDetails.of("state", status.state())
                        .and("atStart", status.atStart())
                        .and("closed", status.closed())
                        .and("ended", status.ended())
                        .and("left", status.left()));
    }
}
