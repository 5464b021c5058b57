package io.penstock.admin;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;

/** JSON by RFC 8259, nothing more lenient. */
public final class Json {
    private static final Gson GSON = new GsonBuilder()
            .setFormattingStyle(FormattingStyle.PRETTY)
            .disableHtmlEscaping()
            .create();

    /** Far more than any request or answer has. */
    private static final int MAX_NESTING = 16;

    private Json() {}

    /** Indented, for people, with a line feed at its end. */
    public static String text(JsonElement value) {
        return GSON.toJson(value) + "\n";
    }

    /**
     * Reads one value.
     *
     * @throws IOException when it is not exactly one value; the message says where
     */
    public static JsonElement parse(String text) throws IOException {
        try (JsonReader reader = reader(text)) {
            JsonElement value = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("more than one value");
            }
            return value;
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static JsonReader reader(String text) {
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(MAX_NESTING);
        return reader;
    }
}
