package io.penstock.cli;

import com.google.gson.JsonObject;
import io.penstock.admin.ServerSentEvent;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static List<String> words() {
            return Arrays.stream(values()).map(Level::word).toList();
        }
    }

    static final class LevelConverter implements ITypeConverter<Level> {
        @Override
        public Level convert(String text) {
            return Arrays.stream(Level.values())
                    .filter(level -> level.word().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is none of " + String.join(", ", Level.words())));
        }
    }

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final PrintWriter out;
    private final boolean json;
    private final Since since;
    private long lastId = ServerSentEvent.NO_ID;
    private boolean closed;

    EventPrinter(PrintWriter out, boolean json, Since since) {
        this.out = out;
        this.json = json;
        this.since = since;
    }

    synchronized void print(JsonObject event) {
        onSeen(Words.number(event, "id"));
        if (since.includes(Words.text(event, "at"))) {
            line(json ? event.toString() : text(event));
        }
    }

    /** Everything up to this one has been shown, or was not wanted. */
    synchronized void onSeen(long id) {
        if (id > 0) {
            lastId = id;
        }
    }

    private static String text(JsonObject event) {
        return "%-24s  %-5s  %-10s  %s: %s"
                .formatted(
                        at(event),
                        Words.text(event, "level"),
                        Words.text(event, "type"),
                        Words.text(event, "subject"),
                        Words.text(event, "text"));
    }

    /** To the millisecond, so that columns stay where they are. */
    private static String at(JsonObject event) {
        String at = Words.text(event, "at");
        return Words.instant(at).map(MILLIS::format).orElse(at);
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
