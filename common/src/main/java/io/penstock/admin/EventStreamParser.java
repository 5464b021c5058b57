package io.penstock.admin;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads a stream of server-sent events (HTML standard, section 9.2.6), however it is cut. Used by one thread. */
final class EventStreamParser {
    static final int MAX_EVENT_OCTETS = 4 << 20;

    private static final String DEFAULT_TYPE = "message";
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

    private final Consumer<ServerSentEvent> consumer;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterReturn;
    private long id = ServerSentEvent.NO_ID;
    private String event = "";
    private Optional<StringBuilder> data = Optional.empty();

    EventStreamParser(Consumer<ServerSentEvent> consumer) {
        this.consumer = consumer;
    }

    /** @throws IOException when an event is too large */
    void read(ByteBuf octets) throws IOException {
        while (octets.isReadable()) {
            byte octet = octets.readByte();
            boolean secondOfTwo = octet == '\n' && afterReturn;
            afterReturn = octet == '\r';
            if (octet == '\n' || octet == '\r') {
                if (!secondOfTwo) {
                    onLine(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
            } else {
                line.write(octet);
                requireSize(line.size());
            }
        }
    }

    private static void requireSize(int size) throws IOException {
        if (size > MAX_EVENT_OCTETS) {
            throw new IOException("an event is larger than " + MAX_EVENT_OCTETS + " octets");
        }
    }

    private void onLine(String text) throws IOException {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        onField(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    /** What begins with a colon is a comment: a field without a name, one of those that mean nothing. */
    private void onField(String field, String value) throws IOException {
        switch (field) {
            case "event" -> event = value;
            case "data" -> {
                StringBuilder lines = data.isPresent() ? data.get().append('\n') : new StringBuilder();
                data = Optional.of(lines.append(value));
                requireSize(lines.length());
            }
            case "id" -> id = ID.matcher(value).matches() ? Long.parseLong(value) : ServerSentEvent.NO_ID;
            default -> {
                // Nothing.
            }
        }
    }

    private void dispatch() {
        data.ifPresent(lines ->
                consumer.accept(new ServerSentEvent(id, event.isEmpty() ? DEFAULT_TYPE : event, lines.toString())));
        id = ServerSentEvent.NO_ID;
        event = "";
        data = Optional.empty();
    }
}
