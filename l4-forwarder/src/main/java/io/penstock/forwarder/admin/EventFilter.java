package io.penstock.forwarder.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.RequestException;
import io.penstock.forwarder.events.Event;
import io.penstock.forwarder.events.EventType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which events somebody wants.
 *
 * @param subject empty for all
 */
record EventFilter(Set<EventType> types, Optional<String> subject, Event.Level least) implements Predicate<Event> {
    private static final String ALL_TYPES =
            Arrays.stream(EventType.values()).map(EventType::label).sorted().collect(Collectors.joining(", "));

    /** Those that are not there match everything. */
    static EventFilter read(AdminRequest request) throws RequestException {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (String name : request.parameter("type").orElse(ALL_TYPES).split(", ?", -1)) {
            types.add(EventType.parse(name)
                    .orElseThrow(() -> RequestException.badRequest("type must be some of: " + ALL_TYPES)));
        }
        String level = request.parameter("level").orElse(Event.Level.INFO.label());
        return new EventFilter(
                types,
                request.parameter("subject"),
                Arrays.stream(Event.Level.values())
                        .filter(one -> one.label().equals(level))
                        .findFirst()
                        .orElseThrow(() -> RequestException.badRequest("level must be one of: "
                                + Arrays.toString(Event.Level.values())
                                        .toLowerCase(Locale.ROOT)
                                        .replaceAll("[\\[\\]]", ""))));
    }

    @Override
    public boolean test(Event event) {
        return types.contains(event.type())
                && event.level().compareTo(least) >= 0
                && (subject.isEmpty() || subject.get().equals(event.subject()));
    }
}
