package io.penstock.events;

import java.time.Instant;
import java.util.Locale;

/**
 * Something happened. A value.
 *
 * @param id above those of all events before, also of processes before; see {@link EventLog}
 * @param subject what the type says
 * @param text one line for people
 * @param details the same for programs
 */
public record Event(long id, Instant at, Type type, String subject, Level level, String text, EventDetails details) {
    /** What an event is about, and so what its subject names; each program has its own, an enum. */
    public interface Type {
        /** One word, as users see it. */
        String label();
    }

    /** How much it matters. */
    public enum Level {
        INFO,
        /** Somebody should look at it at some time. */
        WARN,
        /** Clients are refused. */
        ERROR;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }
}
