package io.penstock.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The object in a request's body. Asking for a key is what makes it known, so the code that reads is the only list of
 * keys; what is left over is an error that names it. So is a key that comes twice.
 */
public final class JsonObjectReader {
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,9})");

    private final Map<String, JsonElement> values;
    private final TreeSet<String> known = new TreeSet<>();

    private JsonObjectReader(Map<String, JsonElement> values) {
        this.values = values;
    }

    /** Makes something of the keys it asks for. */
    public interface Body<T> {
        T read(JsonObjectReader body) throws RequestException;
    }

    static <T> T read(String body, Body<T> read) throws RequestException {
        JsonObjectReader object = new JsonObjectReader(values(body));
        T result = read.read(object);
        for (String key : object.values.keySet()) {
            if (!object.known.contains(key)) {
                throw RequestException.badRequest("unknown key '" + key + "'; known here: "
                        + (object.known.isEmpty() ? "none" : String.join(", ", object.known)));
            }
        }
        return result;
    }

    private static Map<String, JsonElement> values(String text) throws RequestException {
        if (text.isBlank()) {
            return Map.of();
        }
        Map<String, JsonElement> values = new LinkedHashMap<>();
        try (JsonReader reader = Json.reader(text)) {
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                throw RequestException.badRequest("the body must be a JSON object");
            }
            reader.beginObject();
            while (reader.hasNext()) {
                String key = reader.nextName();
                if (values.put(key, JsonParser.parseReader(reader)) != null) {
                    throw RequestException.badRequest("duplicate key '" + key + "'");
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw RequestException.badRequest("the body has more than one JSON value");
            }
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw RequestException.badRequest("the body is not valid JSON: " + firstLine(e));
        }
        return values;
    }

    /** Gson adds a link for programmers. */
    private static String firstLine(Exception e) {
        return e.getMessage() == null
                ? "it ends too early"
                : e.getMessage().lines().findFirst().orElse("");
    }

    /** Text that is not empty. */
    public Optional<String> text(String key) throws RequestException {
        return read(key, "text that is not empty", value -> {
            boolean text = value.isString() && !value.getAsString().isEmpty();
            return text ? Optional.of(value.getAsString()) : Optional.empty();
        });
    }

    /** Text that has a form. */
    public <T> Optional<T> text(String key, String expected, Function<String, Optional<T>> parse)
            throws RequestException {
        return read(key, expected, value -> value.isString() ? parse.apply(value.getAsString()) : Optional.empty());
    }

    public Optional<Integer> integer(String key, int min, int max) throws RequestException {
        return read(key, "a whole number from " + min + " to " + max, value -> {
            // The text, because Gson rounds: 1.5 must not be 1.
            if (!value.isNumber() || !WHOLE.matcher(value.getAsString()).matches()) {
                return Optional.empty();
            }
            long number = Long.parseLong(value.getAsString());
            return number < min || number > max ? Optional.empty() : Optional.of((int) number);
        });
    }

    public Optional<Boolean> bool(String key) throws RequestException {
        return read(
                key,
                "true or false",
                value -> value.isBoolean() ? Optional.of(value.getAsBoolean()) : Optional.empty());
    }

    /** One of a few words. */
    public <T> Optional<T> oneOf(String key, Map<String, T> choices) throws RequestException {
        return text(
                key,
                "one of: " + String.join(", ", new TreeSet<>(choices.keySet())),
                word -> Optional.ofNullable(choices.get(word)));
    }

    private <T> Optional<T> read(String key, String expected, Function<JsonPrimitive, Optional<T>> read)
            throws RequestException {
        known.add(key);
        JsonElement value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        Optional<T> result = value.isJsonPrimitive() ? read.apply(value.getAsJsonPrimitive()) : Optional.empty();
        if (result.isEmpty()) {
            throw RequestException.badRequest(key + " must be " + expected);
        }
        return result;
    }

    /** For a key that must be there. */
    public <T> T required(String key, Optional<T> value) throws RequestException {
        return value.orElseThrow(() -> RequestException.badRequest(key + " is required"));
    }
}
