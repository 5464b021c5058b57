package io.penstock.bgp.control;

import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.BgpEvent.Kind;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.rib.Change;
import io.penstock.events.Event.Level;
import io.penstock.net.IpPrefix;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What is recorded of paths. */
final class PathEvents {
    private static final String PREFIX = "prefix";
    private static final String WHAT = "what";
    private static final double NS_PER_MS = 1e6;

    private final EventRecorder recorder;

    PathEvents(EventRecorder recorder) {
        this.recorder = recorder;
    }

    /** The daemon has taken a change. */
    void taken(String subject, Delivery delivery, long nowNs) {
        Change change = delivery.change;
        Map<String, String> details = new HashMap<>();
        details.put(PREFIX, change.prefix().toString());
        details.put("sent-after-ms", ms(delivery.sentNs - delivery.cause.atNs()));
        details.put("after-ms", ms(nowNs - delivery.cause.atNs()));
        if (change instanceof Change.Announce announce) {
            details.put("attributes", announce.attributes().toString());
        }
        if (delivery.repair) {
            details.put(WHAT, change.why().label());
            String done = change instanceof Change.Announce ? "announced again" : "withdrawn again";
            record(
                    Kind.REPAIRED,
                    Level.WARN,
                    subject,
                    change.prefix() + " was " + change.why().label() + ": " + done,
                    details);
        } else if (change instanceof Change.Announce) {
            record(Kind.ANNOUNCED, Level.INFO, subject, change.prefix() + " announced", details);
        } else {
            record(Kind.WITHDRAWN, Level.INFO, subject, change.prefix() + " withdrawn", details);
        }
    }

    void refused(String subject, Change change, String why) {
        String what = change instanceof Change.Announce ? "announced" : "withdrawn";
        record(
                Kind.REFUSED,
                Level.ERROR,
                subject,
                change.prefix() + " cannot be " + what + ": " + why,
                Map.of(PREFIX, change.prefix().toString(), WHAT, what, "cause", why));
    }

    /** The agent ends, and the next run has to withdraw what this one could not. */
    void left(String subject, IpPrefix prefix) {
        String why = "the daemon has not confirmed it before the end of the agent";
        record(
                Kind.REFUSED,
                Level.ERROR,
                subject,
                prefix + " was to be withdrawn, and may stay until the next run: " + why,
                Map.of(PREFIX, prefix.toString(), WHAT, "withdrawn", "cause", why));
    }

    void foreign(String subject, IpPrefix prefix) {
        record(
                Kind.FOREIGN,
                Level.WARN,
                subject,
                "somebody else's path is in the daemon at " + prefix + ", and stays",
                Map.of(PREFIX, prefix.toString(), WHAT, "not marked as the agent's"));
    }

    private void record(Kind kind, Level level, String subject, String text, Map<String, String> details) {
        recorder.record(new BgpEvent(kind, level, subject, text, details));
    }

    private static String ms(long durationNs) {
        return String.format(Locale.ROOT, "%.1f", durationNs / NS_PER_MS);
    }
}
