package io.penstock.ecmp.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The shipped JSON Schema, and the shipped example laid beside it. */
final class SchemaDocument {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectNode EXAMPLE = (ObjectNode) fromYaml(shipped("ecmp-agent.example.yaml"));

    private final JsonNode schema;
    private final JsonSchema validator;

    SchemaDocument() {
        try {
            schema = JSON.readTree(shipped("ecmp-agent.schema.json"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        validator = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
    }

    /**
     * A mapping with fixed keys.
     *
     * @param pointer where the example has one
     * @param schema that applies there
     */
    record Level(String pointer, JsonNode schema) {}

    JsonNode schema() {
        return schema;
    }

    boolean accepts(JsonNode document) {
        return validator.validate(document).isEmpty();
    }

    List<String> complaints(JsonNode document) {
        return validator.validate(document).stream().map(Object::toString).toList();
    }

    /** A copy that may be changed. */
    static ObjectNode example() {
        return EXAMPLE.deepCopy();
    }

    static String shipped(String name) {
        try {
            return Files.readString(TemporaryConfig.SHARE.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As an editor sees it: YAML 1.2's core schema. */
    static JsonNode fromYaml(String yaml) {
        LoadSettings core = LoadSettings.builder().setSchema(new CoreSchema()).build();
        return JSON.valueToTree(new Load(core).loadFromString(yaml));
    }

    /** Every level of the schema that the example shows. */
    List<Level> levels() {
        List<Level> levels = new ArrayList<>();
        collect("", schema, example(), levels);
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
    JsonNode keyword(JsonNode property, String keyword) {
        JsonNode own = property.path(keyword);
        return own.isMissingNode() && property.has("$ref")
                ? keyword(schema.at(property.get("$ref").asText().substring(1)), keyword)
                : own;
    }
}
