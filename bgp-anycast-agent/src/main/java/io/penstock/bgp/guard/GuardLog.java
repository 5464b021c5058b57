package io.penstock.bgp.guard;

import io.penstock.bgp.guard.Clearance.Ending;
import io.penstock.bgp.guard.Clearance.Result;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came of a {@link Clearance}, for people. */
final class GuardLog {
    private static final Logger LOG = LoggerFactory.getLogger(GuardLog.class);

    private GuardLog() {}

    static void report(Result result, long tookNs) {
        long tookMs = TimeUnit.NANOSECONDS.toMillis(tookNs);
        if (result.ending() == Ending.GIVEN_UP) {
            LOG.error(
                    "event=guard-gave-up withdrawn={} after={}ms cause=\"{}\"",
                    result.withdrawn(),
                    tookMs,
                    result.trouble());
        } else if (result.ending() == Ending.CALLED_OFF) {
            LOG.info("event=guard-called-off withdrawn={} cause=\"an agent turns\"", result.withdrawn());
        } else {
            LOG.info("event=guard-withdrew withdrawn={} took={}ms", result.withdrawn(), tookMs);
        }
    }
}
