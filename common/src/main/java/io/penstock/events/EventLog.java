package io.penstock.events;

import io.penstock.events.Event.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The last {@link #CAPACITY} events. Any thread may append and read, and neither waits for the other for longer than it
 * takes to store, or to copy, references: nothing is formatted, written or sent here.
 *
 * <p>Ids rise by one within a process. The first is made of the time at which the process began, in microseconds since
 * 1970, so that they rise from one process to the next too: whoever asks for what came after an event of an earlier process
 * can be told that something may be missing. They stay exact in JSON numbers (below 2^53) until the year 2255.
 */
public final class EventLog {
    /** A rack of 500 backends that fails and returns four times is still in it. */
    public static final int CAPACITY = 4096;

    /** Ids between two processes of which one began a millisecond after the other. */
    private static final long IDS_PER_MS = 1_000;

    private final Clock clock;
    private final Event[] ring = new Event[CAPACITY];
    private final long base;
    private long lastId;

    public EventLog(Clock clock) {
        this.clock = clock;
        base = clock.millis() * IDS_PER_MS;
        lastId = base;
    }

    /**
     * Some of what happened.
     *
     * @param events the oldest first
     * @param missed whether there was more between what was known and these, or may have been
     * @param lastId up to which this is all; what comes after it is to be asked for next
     */
    public record Page(List<Event> events, boolean missed, long lastId) {}

    /** Appends, and wakes who waits. */
    public Event add(Event.Type type, Level level, String subject, String text, EventDetails details) {
        synchronized (ring) {
            lastId++;
            Event event = new Event(lastId, clock.instant(), type, subject, level, text, details);
            ring[index(lastId)] = event;
            ring.notifyAll();
            return event;
        }
    }

    /** The id of the latest event; below the first id when there was none. */
    public long lastId() {
        synchronized (ring) {
            return lastId;
        }
    }

    /** When asked for the events after it, none that can be known is missing. */
    public long oldestKnown() {
        synchronized (ring) {
            return Math.max(base, lastId - CAPACITY);
        }
    }

    /** All events after this one. One of another process, or one that is forgotten, brings all that are kept. */
    public Page after(long id) {
        synchronized (ring) {
            long oldest = oldestKnown();
            boolean missed = id < oldest || id > lastId;
            List<Event> events = new ArrayList<>();
            for (long next = (missed ? oldest : id) + 1; next <= lastId; next++) {
                events.add(ring[index(next)]);
            }
            return new Page(events, missed, lastId);
        }
    }

    /** The latest that are wanted, the oldest first. */
    public List<Event> latest(int limit, Predicate<Event> wanted) {
        List<Event> all = after(oldestKnown()).events();
        List<Event> latest = all.stream().filter(wanted).toList();
        return latest.subList(Math.max(0, latest.size() - limit), latest.size());
    }

    /** Returns when there is an event after this one, or after the time. */
    public void await(long id, long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000;
        synchronized (ring) {
            long leftMs = timeoutMs;
            while (lastId <= id && leftMs > 0) {
                ring.wait(leftMs);
                leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
            }
        }
    }

    private static int index(long id) {
        return (int) (id % CAPACITY);
    }
}
