package io.penstock.forwarder.xdp;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.events.EventType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what happens to the data plane of packets, as events and as lines of the log. Safe from any thread. */
final class PlaneLog {
    private static final Logger LOG = LoggerFactory.getLogger(PlaneLog.class);

    private final EventLog events;

    PlaneLog(EventLog events) {
        this.events = events;
    }

    void ringPublished(String service, int ring, boolean window) {
        add(
                Level.INFO,
                service,
                "ring " + ring + " is in use" + (window ? "; the one before counts for a while" : ""),
                EventDetails.NONE.and("ring", ring).and("window", window));
    }

    void adopted(String plane, int services, int backends) {
        add(
                Level.INFO,
                plane,
                "took over " + services + " services and " + backends + " backends that a process before left",
                EventDetails.NONE.and("services", services).and("backends", backends));
    }

    /** Forwards by what was true when its process ended. */
    void leftBehind(String plane, String links) {
        add(
                Level.WARN,
                plane,
                "the program of an XDP data plane that no process has is attached to " + links
                        + ": it forwards packets by what was known when its process ended, past whatever listens here;"
                        + " to end that: l4-forwarder xdp detach --name " + plane,
                EventDetails.NONE.and("interfaces", links));
    }

    void attached(String link, String mode, boolean update) {
        add(
                Level.INFO,
                link,
                (update ? "runs the new program, " : "the program is attached, ") + mode,
                EventDetails.of("interface", link).and("mode", mode));
    }

    void detached(String link) {
        add(Level.INFO, link, "the program is detached", EventDetails.of("interface", link));
    }

    /** Works, and costs many times as much. */
    void fellBack(String link, String cause) {
        add(
                Level.WARN,
                link,
                "the program runs in the stack (generic), many times slower: " + cause,
                EventDetails.of("interface", link).and("cause", cause));
    }

    /** Somebody removed it, or its queueing discipline. */
    void filterPutBack(String link) {
        add(
                Level.WARN,
                link,
                "the program of health checks was gone, and is back: somebody changed the filters of tc",
                EventDetails.of("interface", link));
    }

    void nextHopLost(String backend, String why) {
        add(Level.WARN, backend, "no way for its packets: " + why, EventDetails.of("cause", why));
    }

    void nextHopFound(String backend, String path) {
        add(Level.INFO, backend, "its packets go to " + path, EventDetails.of("path", path));
    }

    void traceEnded(String plane) {
        add(
                Level.INFO,
                plane,
                "no packets are traced any more: the command that began it was killed",
                EventDetails.NONE);
    }

    void waiting(String plane, long seconds) {
        add(
                Level.INFO,
                plane,
                "another process has it: waiting for that to end, " + seconds + " s at most",
                EventDetails.NONE);
    }

    void trouble(String plane, String text) {
        add(Level.ERROR, plane, text, EventDetails.NONE);
    }

    private void add(Level level, String subject, String text, EventDetails details) {
        events.add(EventType.XDP, level, subject, text, details);
        switch (level) {
            case INFO -> LOG.info("event=xdp subject={} text=\"{}\"", subject, text);
            case WARN -> LOG.warn("event=xdp subject={} text=\"{}\"", subject, text);
            case ERROR -> LOG.error("event=xdp subject={} text=\"{}\"", subject, text);
        }
    }
}
