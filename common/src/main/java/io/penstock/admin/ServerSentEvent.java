package io.penstock.admin;

/**
 * One event of a stream, as the HTML standard has them (section 9.2, server-sent events).
 *
 * @param id from 1, what a client that comes back says it has seen last; {@link #NO_ID} for an event that has none
 * @param event its type, one line
 * @param data any text; its lines may end in any way, and come back with line feeds
 */
public record ServerSentEvent(long id, String event, String data) {
    public static final long NO_ID = 0;

    public ServerSentEvent {
        if (id < NO_ID) {
            throw new IllegalArgumentException("negative id " + id);
        }
        if (event.isEmpty() || event.indexOf('\n') >= 0 || event.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("the type of an event is one line");
        }
    }

    /** As it stands in a stream. */
    String text() {
        StringBuilder text = new StringBuilder(data.length() + 48);
        if (id != NO_ID) {
            text.append("id: ").append(id).append('\n');
        }
        text.append("event: ").append(event).append('\n');
        for (String line : data.split("\r\n|\r|\n", -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return text.append('\n').toString();
    }
}
