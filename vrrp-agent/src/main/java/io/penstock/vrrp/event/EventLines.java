package io.penstock.vrrp.event;

import io.penstock.events.Event;
import io.penstock.events.EventLog;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each event into the process's log, one line each, on a thread of its own, {@code vrrp-log}: whoever reads the log may be slow,
 * and the agent's thread must not wait for that.
 */
final class EventLines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLines.class);

    private static final String THREAD = "vrrp-log";
    private static final long LOOK_MS = 10_000;
    private static final long CLOSE_MS = 1_000;

    /** Of which the details say it all. */
    private static final Set<Kind> WITHOUT_TEXT = EnumSet.of(Kind.TRANSITION, Kind.GROUP, Kind.PRIORITY);

    private final EventLog log;
    private final Thread thread = new Thread(this::run, THREAD);
    private long seen;
    private volatile boolean closed;

    EventLines(EventLog log) {
        this.log = log;
        seen = log.lastId();
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        boolean last;
        do {
            last = closed;
            write(log.after(seen));
            if (!last) {
                await();
            }
        } while (!last);
    }

    private void write(EventLog.Page page) {
        if (page.missed()) {
            LOG.warn(
                    "event=events-not-logged count={}",
                    page.lastId() - page.events().size() - seen);
        }
        page.events().forEach(EventLines::write);
        seen = page.lastId();
    }

    private void await() {
        try {
            log.await(seen, LOOK_MS);
        } catch (InterruptedException closing) {
            // What is there by now is still written.
        }
    }

    private static void write(Event event) {
        switch (event.level()) {
            case INFO -> LOG.info("{}", line(event));
            case WARN -> LOG.warn("{}", line(event));
            case ERROR -> LOG.error("{}", line(event));
        }
    }

    static String line(Event event) {
        StringBuilder line = new StringBuilder()
                .append("event=")
                .append(event.type().label())
                .append(" subject=")
                .append(LogText.of(event.subject()));
        event.details()
                .values()
                .forEach((name, value) ->
                        line.append(' ').append(name).append('=').append(LogText.of(value.toString())));
        if (!WITHOUT_TEXT.contains(event.type())) {
            line.append(" text=").append(LogText.of(event.text()));
        }
        return line.toString();
    }

    /** All that has happened is written when this returns, unless nobody takes it. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
