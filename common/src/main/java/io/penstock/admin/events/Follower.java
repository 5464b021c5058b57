package io.penstock.admin.events;

import com.google.gson.JsonObject;
import io.penstock.admin.EventSink;
import io.penstock.admin.ServerSentEvent;
import io.penstock.events.Event;
import io.penstock.events.EventLog;
import java.time.Instant;

/** One client that follows events: what it has, and what it still gets. Safe from any thread. */
final class Follower {
    static final String GAP = "gap";

    private final EventLog log;
    private final EventFilter filter;
    private final EventSink sink;
    private long known;

    /** @param known the event that it has seen last; what came after it is sent first */
    Follower(EventLog log, EventFilter filter, EventSink sink, long known) {
        this.log = log;
        this.filter = filter;
        this.sink = sink;
        this.known = known;
    }

    /** Sends what has come since the last call. */
    synchronized void catchUp() {
        EventLog.Page page = log.after(known);
        known = page.lastId();
        if (page.missed() && !sink.trySend(gap(page))) {
            return;
        }
        for (Event event : page.events()) {
            if (filter.test(event) && !send(event)) {
                return;
            }
        }
    }

    /** False when the client has gone, or will not have any more. */
    boolean send(Event event) {
        return send(event.id(), event);
    }

    /** The same of one that says how things stand. It has no number in the stream: having seen it tells nothing of what has been missed. */
    boolean sendStanding(Event event) {
        return send(ServerSentEvent.NO_ID, event);
    }

    private boolean send(long id, Event event) {
        return sink.trySend(new ServerSentEvent(
                id, event.type().label(), EventJson.of(event).toString()));
    }

    /** Its id is that of the last event that is lost, so that whoever comes back with it has no other gap. */
    private ServerSentEvent gap(EventLog.Page page) {
        long id = page.lastId() - page.events().size();
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("at", Instant.now().toString());
        json.addProperty("type", GAP);
        json.addProperty("subject", "events");
        json.addProperty("level", "warn");
        json.addProperty("text", "events up to " + id + " may be missing: ask for the status");
        json.add("details", new JsonObject());
        return new ServerSentEvent(id, GAP, json.toString());
    }
}
