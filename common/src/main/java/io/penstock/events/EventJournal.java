package io.penstock.events;

import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What happens in a running agent: the log, from which its API takes it, a line for each in the process's log, and how things stand by
 * now. One order for all of them. Safe from any thread; whoever records waits for nobody who is told.
 */
public final class EventJournal implements AutoCloseable {
    private final EventLog log;
    private final EventLines lines;
    private final Function<Event, Bearing> bearing;

    /** Guards the order, and {@link #standing}. */
    private final Object order = new Object();

    private final Standing standing = new Standing();

    /** What an event says of how its subject is from then on. */
    public enum Bearing {
        /** Nothing. */
        PASSING,
        /** It is so until the next of this type. */
        LASTING,
        /** It is gone, and with it what the last of this type said. */
        ENDING
    }

    /**
     * Starts the thread that writes lines.
     *
     * @param threadName at most 15 characters show in ps and top
     * @param withoutText types whose details say it all, in a line
     */
    public EventJournal(
            Clock clock, String threadName, Set<? extends Event.Type> withoutText, Function<Event, Bearing> bearing) {
        log = new EventLog(clock);
        lines = new EventLines(log, threadName, withoutText);
        this.bearing = bearing;
    }

    public Event add(Event.Type type, Event.Level level, String subject, String text, Map<String, String> details) {
        EventDetails all = EventDetails.NONE;
        for (Map.Entry<String, String> detail : details.entrySet()) {
            all = all.and(detail.getKey(), detail.getValue());
        }
        synchronized (order) {
            Event added = log.add(type, level, subject, text, all);
            standing.note(added, bearing.apply(added));
            return added;
        }
    }

    /** To be read. */
    public EventLog log() {
        return log;
    }

    /** The latest lasting event of each subject and type, marked as told again; and the event up to which things stand so. */
    public EventLog.Page standing() {
        synchronized (order) {
            return new EventLog.Page(standing.events(), false, log.lastId());
        }
    }

    /** All that has happened is in the process's log when this returns, unless nobody takes it. */
    @Override
    public void close() {
        lines.close();
    }
}
