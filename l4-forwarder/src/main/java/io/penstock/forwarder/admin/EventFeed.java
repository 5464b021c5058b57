package io.penstock.forwarder.admin;

import io.penstock.admin.EventSink;
import io.penstock.forwarder.events.Event;
import io.penstock.forwarder.events.EventLog;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries events from the log to those who follow them, on a thread of its own, {@code fwd-events}: whoever appends waits
 * for none of them, nor do they wait for one another. Safe from any thread.
 */
final class EventFeed implements AutoCloseable {
    private static final String THREAD = "fwd-events";
    private static final long LOOK_MS = 10_000;

    private final EventLog log;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    EventFeed(EventLog log) {
        this.log = log;
        thread = new Thread(this::run, THREAD);
        thread.setDaemon(true);
        thread.start();
    }

    /** From what comes next, after the latest that there are. */
    void follow(EventFilter filter, int latest, EventSink sink) {
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
