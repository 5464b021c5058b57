package io.penstock.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The JSON Schema that a program ships, and the example laid beside it. */
public final class SchemaDocument {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHARE = Path.of("src/main/dist/share");

    private final JsonNode schema;
    private final ObjectNode example;
    private final JsonSchema validator;

    /**
     * Of the module whose tests these are.
     *
     * @param program whose files they are, such as forwarder
     */
    public SchemaDocument(String program) {
        try {
            schema = JSON.readTree(shipped(program + ".schema.json"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        example = (ObjectNode) fromYaml(shipped(program + ".example.yaml"));
        validator = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
    }

    /**
     * A mapping with fixed keys.
     *
     * @param pointer where the example has one
     * @param schema that applies there
     */
    public record Level(String pointer, JsonNode schema) {}

    public JsonNode schema() {
        return schema;
    }

    public boolean accepts(JsonNode document) {
        return validator.validate(document).isEmpty();
    }

    public List<String> complaints(JsonNode document) {
        return validator.validate(document).stream().map(Object::toString).toList();
    }

    /** A copy that may be changed. */
    public ObjectNode example() {
        return example.deepCopy();
    }

    /** A file of share. */
    public static String shipped(String name) {
        try {
            return Files.readString(SHARE.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As an editor sees it: YAML 1.2's core schema. */
    public static JsonNode fromYaml(String yaml) {
        LoadSettings core = LoadSettings.builder().setSchema(new CoreSchema()).build();
        return JSON.valueToTree(new Load(core).loadFromString(yaml));
    }

    /** Every level of the schema that the example shows. */
    public List<Level> levels() {
        List<Level> levels = new ArrayList<>();
        collect("", schema, example, levels);
        return levels;
    }

    private void collect(String pointer, JsonNode at, JsonNode example, List<Level> levels) {
        JsonNode applies = applying(at, example);
        if (applies.has("properties")) {
            levels.add(new Level(pointer, applies));
            applies.get("properties").properties().forEach(property -> {
                if (example.has(property.getKey())) {
                    String below = pointer + "/" + property.getKey();
                    collect(below, property.getValue(), example.get(property.getKey()), levels);
                }
            });
        } else if (example.isObject()) {
            example.properties()
                    .forEach(entry -> collect(
                            pointer + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"),
                            applies.get("additionalProperties"),
                            entry.getValue(),
                            levels));
        } else if (example.isArray()) {
            for (int i = 0; i < example.size(); i++) {
                collect(pointer + "/" + i, applies.path("items"), example.get(i), levels);
            }
        }
    }

    /** Follows references, and of several alternatives picks the one for this kind of value. */
    private JsonNode applying(JsonNode at, JsonNode example) {
        if (at.has("$ref")) {
            return applying(schema.at(at.get("$ref").asText().substring(1)), example);
        }
        if (at.has("oneOf")) {
            for (JsonNode alternative : at.get("oneOf")) {
                JsonNode applies = applying(alternative, example);
                String type = applies.path("type").asText("string");
                if (example.isObject() == type.equals("object") && example.isArray() == type.equals("array")) {
                    return applies;
                }
            }
            throw new IllegalArgumentException("no alternative for " + example);
        }
        return at;
    }

    /** What a property says of itself, or what it refers to does. */
    public JsonNode keyword(JsonNode property, String keyword) {
        JsonNode own = property.path(keyword);
        return own.isMissingNode() && property.has("$ref")
                ? keyword(schema.at(property.get("$ref").asText().substring(1)), keyword)
                : own;
    }
}
