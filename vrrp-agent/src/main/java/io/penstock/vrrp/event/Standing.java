package io.penstock.vrrp.event;

import io.penstock.events.Event;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import io.penstock.vrrp.protocol.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state of each router and group, as the events that led to it. NOT thread safe. */
final class Standing {
    /** The detail that tells an event that is told again from one that happens. */
    static final String REPLAY = "replay";

    private final Map<Subject, Event> latest = new LinkedHashMap<>();

    private record Subject(Event.Type kind, String name) {}

    /** Takes in what happened; a router that was stopped has no state any more. */
    void note(Event event) {
        if (event.type() != Kind.TRANSITION && event.type() != Kind.GROUP) {
            return;
        }
        Subject subject = new Subject(event.type(), event.subject());
        latest.remove(subject);
        if (!State.INITIALIZE.label().equals(event.details().values().get("to"))) {
            latest.put(subject, event);
        }
    }

    /** In the order in which they happened, marked as told again. */
    List<Event> events() {
        return latest.values().stream()
                .map(event -> new Event(
                        event.id(),
                        event.at(),
                        event.type(),
                        event.subject(),
                        event.level(),
                        event.text(),
                        event.details().and(REPLAY, true)))
                .toList();
    }
}
