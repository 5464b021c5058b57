package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI description, read as strictly as can be: an answer with a key that it does not have is wrong. */
public final class ApiDescription {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode document;

    public ApiDescription(byte[] text) throws IOException {
        document = (ObjectNode) JSON.readTree(text);
        document.at("/components/schemas").forEach(ApiDescription::close);
    }

    /** Those that say nothing of other keys have none. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(ApiDescription::close);
    }

    /** {@code GET /v1/status} and so on. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.get("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** Schemas and responses that nothing refers to, and references that lead nowhere. */
    public Set<String> loose() {
        Set<String> loose = new TreeSet<>();
        for (String kind : List.of("schemas", "responses")) {
            document.at("/components/" + kind)
                    .fieldNames()
                    .forEachRemaining(name -> loose.add("#/components/" + kind + "/" + name));
        }
        for (String reference : document.findValuesAsText("$ref")) {
            if (document.at(reference.substring(1)).isMissingNode()) {
                loose.add(reference);
            }
        }
        loose.removeIf(name -> document.findValuesAsText("$ref").contains(name)
                && !document.at(name.substring(1)).isMissingNode());
        return loose;
    }

    /** Holds one answer against what is said of it. */
    public void assertDescribes(String method, String path, int status, String body) throws IOException {
        String what = method + " " + path + " " + status;
        JsonNode response = document.get("paths")
                .path(path)
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses")
                .path(Integer.toString(status));
        assertFalse(response.isMissingNode(), () -> what + " is not described");
        if (response.has("$ref")) {
            response = document.at(response.get("$ref").asText().substring(1));
        }
        JsonNode schema = response.at("/content/application~1json/schema");
        if (schema.isMissingNode()) {
            assertFalse(body.startsWith("{"), () -> what + " answers JSON");
            return;
        }
        ObjectNode root = schema.deepCopy();
        root.set("components", document.get("components"));
        List<String> complaints =
                JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(root)
                        .validate(JSON.readTree(body))
                        .stream()
                        .map(ValidationMessage::toString)
                        .toList();
        assertEquals(List.of(), complaints, () -> what + ": " + body);
    }
}
