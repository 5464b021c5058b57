package io.penstock.events;

import io.penstock.events.EventJournal.Bearing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How things stand, as the events that led to it: of each subject the latest of each type. NOT thread safe. */
final class Standing {
    /** The detail that tells an event that is told again from one that happens. */
    static final String REPLAY = "replay";

    private final Map<Subject, Event> latest = new LinkedHashMap<>();

    private record Subject(Event.Type type, String name) {}

    void note(Event event, Bearing bearing) {
        if (bearing == Bearing.PASSING) {
            return;
        }
        Subject subject = new Subject(event.type(), event.subject());
        latest.remove(subject);
        if (bearing == Bearing.LASTING) {
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
