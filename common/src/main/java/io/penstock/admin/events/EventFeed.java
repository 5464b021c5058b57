package io.penstock.admin.events;

import io.penstock.admin.EventSink;
import io.penstock.events.Event;
import io.penstock.events.EventLog;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Carries events from the log to those who follow them, on a thread of its own: whoever appends waits for none of them, nor
 * do they wait for one another. Safe from any thread.
 */
public final class EventFeed implements AutoCloseable {
    private static final long LOOK_MS = 10_000;

    private final EventLog log;
    private final Supplier<EventLog.Page> standing;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    /** Who begins to follow gets what comes from then on. */
    public EventFeed(EventLog log, String threadName) {
        this(log, () -> new EventLog.Page(List.of(), false, log.lastId()), threadName);
    }

    /**
     * Who begins to follow is first told how things stand.
     *
     * @param standing events that say so, and the one up to which they do
     */
    public EventFeed(EventLog log, Supplier<EventLog.Page> standing, String threadName) {
        this.log = log;
        this.standing = standing;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * From what comes next.
     *
     * @param latest that many of the past come before; empty for how things stand
     */
    void follow(EventFilter filter, Optional<Integer> latest, EventSink sink) {
        if (latest.isPresent()) {
            followLatest(filter, latest.get(), sink);
            return;
        }
        EventLog.Page now = standing.get();
        Follower follower = new Follower(log, filter, sink, now.lastId());
        if (now.events().stream().filter(filter).allMatch(follower::sendStanding)) {
            add(follower, sink);
        }
    }

    private void followLatest(EventFilter filter, int latest, EventSink sink) {
        long now = log.lastId();
        Follower follower = new Follower(log, filter, sink, now);
        List<Event> before = log.latest(latest, event -> event.id() <= now && filter.test(event));
        if (before.stream().allMatch(follower::send)) {
            add(follower, sink);
        }
    }

    /** From what came after the event of this id. */
    void followAfter(long id, EventFilter filter, EventSink sink) {
        add(new Follower(log, filter, sink, id), sink);
    }

    private void add(Follower follower, EventSink sink) {
        followers.add(follower);
        sink.onClosed(() -> followers.remove(follower));
        // The feed may have looked just before.
        follower.catchUp();
    }

    private void run() {
        while (!closed) {
            long seen = log.lastId();
            followers.forEach(Follower::catchUp);
            try {
                log.await(seen, LOOK_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
