package io.penstock.events;

import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each event of a log into the process's log, one line each, on a thread of its own: whoever reads the process's log may be slow,
 * and whoever appends must not wait for that.
 */
final class EventLines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLines.class);

    private static final long LOOK_MS = 10_000;
    private static final long CLOSE_MS = 1_000;

    private final EventLog log;
    private final Set<? extends Event.Type> withoutText;
    private final Thread thread;
    private long seen;
    private volatile boolean closed;

    /**
     * From what comes next.
     *
     * @param withoutText of which the details say it all
     */
    EventLines(EventLog log, String threadName, Set<? extends Event.Type> withoutText) {
        this.log = log;
        this.withoutText = Set.copyOf(withoutText);
        seen = log.lastId();
        thread = new Thread(this::run, threadName);
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
        page.events().forEach(this::write);
        seen = page.lastId();
    }

    private void await() {
        try {
            log.await(seen, LOOK_MS);
        } catch (InterruptedException closing) {
            // What is there by now is still written.
        }
    }

    private void write(Event event) {
        String line = line(event, !withoutText.contains(event.type()));
        switch (event.level()) {
            case INFO -> LOG.info("{}", line);
            case WARN -> LOG.warn("{}", line);
            case ERROR -> LOG.error("{}", line);
        }
    }

    static String line(Event event, boolean withText) {
        StringBuilder line = new StringBuilder()
                .append("event=")
                .append(event.type().label())
                .append(" subject=")
                .append(LogText.of(event.subject()));
        event.details()
                .values()
                .forEach((name, value) ->
                        line.append(' ').append(name).append('=').append(LogText.of(value.toString())));
        if (withText) {
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
