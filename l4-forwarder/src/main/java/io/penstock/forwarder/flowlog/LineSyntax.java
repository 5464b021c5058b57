package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How fields stand in a line: as an object of JSON (RFC 8259), or as logfmt, {@code key=value} with quotes where a value
 * needs them. What a line repeats, keys and names, is escaped once and kept. NOT thread safe.
 */
final class LineSyntax {
    /** Of services, pools, backends and reasons; more come only where reloads rename them, and then all begin anew. */
    private static final int MAX_TEXTS = 1 << 16;

    private final byte[] begin;
    private final byte[] end;
    private final byte[] quote;
    private final Map<FlowField, byte[]> keys = new EnumMap<>(FlowField.class);
    private final UnaryOperator<String> escape;
    private final Map<String, byte[]> texts = new HashMap<>();

    private LineSyntax(
            String begin, String separator, String keyFormat, String end, String quote, UnaryOperator<String> escape) {
        this.begin = begin.getBytes(UTF_8);
        this.end = end.getBytes(UTF_8);
        this.quote = quote.getBytes(UTF_8);
        this.escape = escape;
        for (FlowField field : FlowField.values()) {
            String key = keyFormat.replace("KEY", field.key());
            keys.put(field, (field == FlowField.TIME ? key : separator + key).getBytes(UTF_8));
        }
    }

    static LineSyntax json() {
        return new LineSyntax("{", ",", "\"KEY\":", "}", "\"", Escapes::json);
    }

    static LineSyntax logfmt() {
        return new LineSyntax("", " ", "KEY=", "", "", Escapes::logfmt);
    }

    /** The first field has to follow. */
    void begin(LineBuffer line) {
        line.put(begin);
    }

    void end(LineBuffer line) {
        line.put(end);
    }

    /** A number or a truth value has to follow, or {@link #quote}, something that needs no escape, and a quote again. */
    LineBuffer key(LineBuffer line, FlowField field) {
        return line.put(keys.get(field));
    }

    LineBuffer quote(LineBuffer line) {
        return line.put(quote);
    }

    /** Of a few texts that come again and again. */
    void text(LineBuffer line, FlowField field, String text) {
        byte[] escaped = texts.get(text);
        if (escaped == null) {
            if (texts.size() >= MAX_TEXTS) {
                texts.clear();
            }
            escaped = escape.apply(text).getBytes(UTF_8);
            texts.put(text, escaped);
        }
        key(line, field).put(escaped);
    }
}
