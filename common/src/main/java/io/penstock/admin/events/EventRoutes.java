package io.penstock.admin.events;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.events.Event;
import io.penstock.events.EventLog;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What happened: as a stream, or as a list. */
public final class EventRoutes {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final int DEFAULT_LIMIT = 100;

    /** Of {@code since}: everything that is kept. */
    private static final long ALL = 0;

    private final EventLog log;
    private final EventFeed feed;
    private final List<? extends Event.Type> types;

    /**
     * Of one log.
     *
     * @param feed of the same log
     * @param types all that its events may have
     */
    public EventRoutes(EventLog log, EventFeed feed, List<? extends Event.Type> types) {
        this.log = log;
        this.feed = feed;
        this.types = types;
    }

    public void addTo(Router router) {
        router.get("/v1/events", this::events, "follow", "since", "limit", "type", "subject", "level");
    }

    private AdminResponse events(AdminRequest request) throws RequestException {
        EventFilter filter = EventFilter.read(request, types);
        OptionalLong since = request.lastEventId().isPresent() ? request.lastEventId() : number(request, "since");
        Optional<Integer> limit = limit(request);
        if (!follow(request)) {
            return AdminResponse.json(list(filter, since, limit.orElse(DEFAULT_LIMIT)));
        }
        if (since.isEmpty()) {
            return AdminResponse.stream((asked, sink) -> feed.follow(filter, limit, sink));
        }
        // Who comes back asks by the same address as before, and gets all that it has missed.
        if (limit.isPresent() && request.lastEventId().isEmpty()) {
            throw RequestException.badRequest("limit is for a list, or for a stream without since");
        }
        long known = known(since.getAsLong());
        return AdminResponse.stream((asked, sink) -> feed.followAfter(known, filter, sink));
    }

    private long known(long since) {
        return since == ALL ? log.oldestKnown() : since;
    }

    /** The first after an event, or else the latest. */
    private JsonObject list(EventFilter filter, OptionalLong since, int limit) {
        EventLog.Page page = log.after(since.isPresent() ? known(since.getAsLong()) : log.oldestKnown());
        List<Event> wanted = page.events().stream().filter(filter).toList();
        int more = Math.max(0, wanted.size() - limit);
        List<Event> shown =
                since.isPresent() ? wanted.subList(0, wanted.size() - more) : wanted.subList(more, wanted.size());
        JsonObject json = new JsonObject();
        json.addProperty("gap", page.missed());
        json.addProperty(
                "lastId",
                since.isPresent() && more > 0 ? shown.get(shown.size() - 1).id() : page.lastId());
        JsonArray events = new JsonArray();
        shown.forEach(event -> events.add(EventJson.of(event)));
        json.add("events", events);
        return json;
    }

    private static boolean follow(AdminRequest request) throws RequestException {
        String follow = request.parameter("follow").orElse("true");
        if (!follow.equals("true") && !follow.equals("false")) {
            throw RequestException.badRequest("follow must be true or false");
        }
        return follow.equals("true");
    }

    private static Optional<Integer> limit(AdminRequest request) throws RequestException {
        OptionalLong limit = number(request, "limit");
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        if (limit.getAsLong() < 1 || limit.getAsLong() > EventLog.CAPACITY) {
            throw RequestException.badRequest("limit must be from 1 to " + EventLog.CAPACITY);
        }
        return Optional.of((int) limit.getAsLong());
    }

    private static OptionalLong number(AdminRequest request, String name) throws RequestException {
        Optional<String> text = request.parameter(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!NUMBER.matcher(text.get()).matches()) {
            throw RequestException.badRequest(name + " must be a whole number");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }
}
