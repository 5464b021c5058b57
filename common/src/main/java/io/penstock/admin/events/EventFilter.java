package io.penstock.admin.events;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.RequestException;
import io.penstock.events.Event;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
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
record EventFilter(Set<Event.Type> types, Optional<String> subject, Event.Level least) implements Predicate<Event> {
    /**
     * Parameters that are not there match everything.
     *
     * @param known all types that the program has
     */
    static EventFilter read(AdminRequest request, List<? extends Event.Type> known) throws RequestException {
        String level = request.parameter("level").orElse(Event.Level.INFO.label());
        return new EventFilter(
                types(request, known),
                request.parameter("subject"),
                Arrays.stream(Event.Level.values())
                        .filter(one -> one.label().equals(level))
                        .findFirst()
                        .orElseThrow(() -> RequestException.badRequest("level must be one of: "
                                + Arrays.toString(Event.Level.values())
                                        .toLowerCase(Locale.ROOT)
                                        .replaceAll("[\\[\\]]", ""))));
    }

    private static Set<Event.Type> types(AdminRequest request, List<? extends Event.Type> known)
            throws RequestException {
        Optional<String> names = request.parameter("type");
        if (names.isEmpty()) {
            return Set.copyOf(known);
        }
        Set<Event.Type> types = new HashSet<>();
        for (String name : names.get().split(", ?", -1)) {
            types.add(known.stream()
                    .filter(type -> type.label().equals(name))
                    .findFirst()
                    .orElseThrow(() -> RequestException.badRequest("type must be some of: " + labels(known))));
        }
        return types;
    }

    private static String labels(List<? extends Event.Type> types) {
        return types.stream().map(Event.Type::label).sorted().collect(Collectors.joining(", "));
    }

    @Override
    public boolean test(Event event) {
        return types.contains(event.type())
                && event.level().compareTo(least) >= 0
                && (subject.isEmpty() || subject.get().equals(event.subject()));
    }
}
