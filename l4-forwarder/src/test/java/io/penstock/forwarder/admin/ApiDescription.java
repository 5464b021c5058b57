package io.penstock.forwarder.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The OpenAPI description, read as strictly as can be: an answer with a key that it does not have is wrong. */
public final class ApiDescription {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMPONENTS = "components";

    private final ObjectNode document;

    /** One operation of the description. */
    public record Operation(String method, String path, JsonNode node) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    public ApiDescription(String text) throws IOException {
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

    public JsonNode document() {
        return document;
    }

    /** In the order of the document. */
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.get("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(method -> operations.add(
                        new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    public Operation operation(String method, String path) {
        return operations().stream()
                .filter(one -> one.method().equals(method) && one.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError(method + " " + path + " is not described"));
    }

    /** What an operation says of a status, references followed. */
    public JsonNode response(Operation operation, int status) {
        JsonNode response = operation.node().get("responses").get(Integer.toString(status));
        if (response == null) {
            throw new AssertionError(operation + " is not described to answer " + status);
        }
        return response.has("$ref") ? document.at(response.get("$ref").asText().substring(1)) : response;
    }

    /** Holds one answer against what is said of it. */
    public void assertDescribes(String method, String path, int status, String body) throws IOException {
        Operation operation = operation(method, path);
        JsonNode content = response(operation, status).path("content");
        JsonNode schema = content.path("application/json").path("schema");
        if (schema.isMissingNode()) {
            assertEquals(content.isMissingNode(), body.isEmpty(), operation + " " + status);
            assertFalse(body.startsWith("{"), () -> operation + " " + status + " answers JSON");
            return;
        }
        assertEquals(List.of(), complaints(schema, JSON.readTree(body)), () -> operation + " " + status + ": " + body);
    }

    /** Holds a value against a schema of the description. */
    public void assertDescribes(String schema, String body) throws IOException {
        ObjectNode reference = JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
        assertEquals(List.of(), complaints(reference, JSON.readTree(body)), () -> schema + ": " + body);
    }

    private List<String> complaints(JsonNode schema, JsonNode body) {
        ObjectNode root = schema.deepCopy();
        root.set(COMPONENTS, document.get(COMPONENTS));
        JsonSchema validator =
                JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(root);
        return validator.validate(body).stream()
                .map(ValidationMessage::toString)
                .toList();
    }

    /** Query parameters by operation. */
    public Map<String, List<String>> queries() {
        Map<String, List<String>> queries = new TreeMap<>();
        for (Operation operation : operations()) {
            List<String> names = new ArrayList<>();
            operation.node().path("parameters").forEach(parameter -> {
                if (parameter.get("in").asText().equals("query")) {
                    names.add(parameter.get("name").asText());
                }
            });
            names.sort(null);
            queries.put(operation.toString(), names);
        }
        return queries;
    }
}
