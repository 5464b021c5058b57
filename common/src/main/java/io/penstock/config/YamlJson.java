package io.penstock.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.penstock.config.YamlNode.Mapping;
import io.penstock.config.YamlNode.Scalar;
import io.penstock.config.YamlNode.Sequence;
import java.math.BigDecimal;

/** A tree of YAML as JSON that reads the same, as JSON is YAML 1.2; aliases are written out. */
final class YamlJson {
    private static final int HEXADECIMAL = 16;
    private static final int OCTAL = 8;

    private YamlJson() {}

    static JsonElement of(YamlNode node) {
        if (node instanceof Mapping mapping) {
            JsonObject object = new JsonObject();
            mapping.entries().forEach(entry -> object.add(entry.key().text(), of(entry.value())));
            return object;
        }
        if (node instanceof Sequence sequence) {
            JsonArray array = new JsonArray();
            sequence.items().forEach(item -> array.add(of(item)));
            return array;
        }
        return scalar((Scalar) node);
    }

    private static JsonElement scalar(Scalar scalar) {
        String text = scalar.text();
        return switch (scalar.type()) {
            case TEXT -> new JsonPrimitive(text);
            case NOTHING -> JsonNull.INSTANCE;
            case BOOLEAN -> new JsonPrimitive(Boolean.parseBoolean(text));
            case INTEGER, FLOAT -> number(text);
        };
    }

    /** Infinity and what is no number have no form in JSON: they stay text, which no key takes. */
    private static JsonElement number(String text) {
        try {
            if (text.startsWith("0x")) {
                return new JsonPrimitive(Long.parseLong(text.substring(2), HEXADECIMAL));
            }
            if (text.startsWith("0o")) {
                return new JsonPrimitive(Long.parseLong(text.substring(2), OCTAL));
            }
            return new JsonPrimitive(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return new JsonPrimitive(text);
        }
    }
}
