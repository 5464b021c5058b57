package io.penstock.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named values of one event, in the order in which they were given: texts, whole numbers, switches and lists of texts. */
public final class EventDetails {
    public static final EventDetails NONE = new EventDetails(Map.of());

    private final Map<String, Object> values;

    private EventDetails(Map<String, Object> values) {
        this.values = values;
    }

    public static EventDetails of(String name, String value) {
        return NONE.and(name, value);
    }

    public EventDetails and(String name, String value) {
        return with(name, value);
    }

    public EventDetails and(String name, long value) {
        return with(name, value);
    }

    public EventDetails and(String name, boolean value) {
        return with(name, value);
    }

    public EventDetails and(String name, List<String> values) {
        return with(name, List.copyOf(values));
    }

    private EventDetails with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new EventDetails(Collections.unmodifiableMap(more));
    }

    /** Each value a {@link String}, a {@link Long}, a {@link Boolean} or a list of strings. */
    public Map<String, Object> values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventDetails details && details.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
