package io.penstock.forwarder.client.top;

import io.penstock.forwarder.client.top.Key.Kind;
import java.io.IOException;
import org.jline.utils.NonBlockingReader;

/** Makes keys of what a terminal sends: characters, and the sequences of xterm and VT100 for the others. */
final class KeyReader {
    private static final int ESCAPE = 27;
    private static final int DELETE = 127;

    /** A sequence arrives at once; what comes later than this is another key. */
    private static final long SEQUENCE_TIMEOUT_MS = 50;

    private static final int MAX_SEQUENCE = 16;

    private final NonBlockingReader reader;

    KeyReader(NonBlockingReader reader) {
        this.reader = reader;
    }

    /** Waits for the next key. Sequences that mean nothing here are skipped. */
    Key read() throws IOException {
        while (true) {
            int read = reader.read();
            if (read < 0) {
                return Key.of(Kind.CLOSED);
            }
            if (read == ESCAPE) {
                Key key = sequence();
                if (key != null) {
                    return key;
                }
            } else if (read == '\r' || read == '\n') {
                return Key.of(Kind.ENTER);
            } else if (read == '\b' || read == DELETE) {
                return Key.of(Kind.BACKSPACE);
            } else if (read >= ' ') {
                return Key.of((char) read);
            }
        }
    }

    /** After an escape: nothing (the key itself), or {@code [} or {@code O}, parameters, and a last letter (ECMA-48). */
    private Key sequence() throws IOException {
        int introducer = reader.peek(SEQUENCE_TIMEOUT_MS);
        if (introducer != '[' && introducer != 'O') {
            return Key.of(Kind.ESCAPE);
        }
        reader.read();
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < MAX_SEQUENCE; i++) {
            int next = reader.read(SEQUENCE_TIMEOUT_MS);
            if (next < 0) {
                return null;
            }
            if (next >= '@' && next <= '~') {
                return key((char) next, parameters.toString());
            }
            parameters.append((char) next);
        }
        return null;
    }

    private static Key key(char last, String parameters) {
        return switch (last) {
            case 'A' -> Key.of(Kind.UP);
            case 'B' -> Key.of(Kind.DOWN);
            case 'C' -> Key.of(Kind.RIGHT);
            case 'D' -> Key.of(Kind.LEFT);
            case 'H' -> Key.of(Kind.HOME);
            case 'F' -> Key.of(Kind.END);
            case '~' ->
                switch (parameters) {
                    case "1", "7" -> Key.of(Kind.HOME);
                    case "4", "8" -> Key.of(Kind.END);
                    case "5" -> Key.of(Kind.PAGE_UP);
                    case "6" -> Key.of(Kind.PAGE_DOWN);
                    default -> null;
                };
            default -> null;
        };
    }
}
