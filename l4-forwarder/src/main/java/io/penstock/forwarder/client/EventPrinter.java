package io.penstock.forwarder.client;

import com.google.gson.JsonObject;
import io.penstock.admin.ServerSentEvent;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Prints events one a line, as people read them or as JSON, and remembers which was the last. Safe from any thread. */
final class EventPrinter {
    /** How much an event matters. */
    enum Level {
        INFO,
        WARN,
        ERROR;

        static List<String> words() {
            return Arrays.stream(values())
                    .map(level -> level.name().toLowerCase(Locale.ROOT))
                    .toList();
        }

        /** What a newer forwarder may say that is not known here matters. */
        static Level of(String word) {
            int index = words().indexOf(word);
            return index < 0 ? ERROR : values()[index];
        }
    }

    static final class LevelConverter implements ITypeConverter<Level> {
        @Override
        public Level convert(String text) {
            if (!Level.words().contains(text)) {
                throw new TypeConversionException("'" + text + "' is none of " + String.join(", ", Level.words()));
            }
            return Level.of(text);
        }
    }

    private final PrintWriter out;
    private final boolean json;
    private final Level least;
    private final Since since;
    private long lastId = ServerSentEvent.NO_ID;
    private boolean closed;

    EventPrinter(PrintWriter out, boolean json, Level least, Since since) {
        this.out = out;
        this.json = json;
        this.least = least;
        this.since = since;
    }

    synchronized void print(JsonObject event) {
        lastId = Words.number(event, "id", lastId);
        if (Level.of(Words.text(event, "level")).compareTo(least) < 0 || !since.includes(Words.text(event, "at"))) {
            return;
        }
        line(json ? event.toString() : text(event));
    }

    private static String text(JsonObject event) {
        return "%-24s  %-5s  %-8s  %s: %s"
                .formatted(
                        Words.text(event, "at"),
                        Words.text(event, "level"),
                        Words.text(event, "type"),
                        Words.text(event, "subject"),
                        Words.text(event, "text"));
    }

    private void line(String text) {
        out.println(text);
        out.flush();
        closed |= out.checkError();
    }

    synchronized long lastId() {
        return lastId;
    }

    /** Whether nobody reads any more what is printed. */
    synchronized boolean isClosed() {
        return closed;
    }
}
