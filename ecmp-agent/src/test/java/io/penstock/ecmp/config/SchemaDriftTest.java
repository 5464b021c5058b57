package io.penstock.ecmp.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.penstock.config.ConfigProblem;
import io.penstock.ecmp.config.SchemaAgreement.Verdict;
import io.penstock.ecmp.config.SchemaDocument.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Holds the schema, the reader, the example and the README together. What the reader knows is asked of the reader. */
class SchemaDriftTest {
    private static final String NO_SUCH = "zzzzzzzzzzzz";
    private static final String KNOWN = "unknown key, known here: ";
    private static final SchemaDocument SCHEMA = new SchemaDocument();
    private static final SchemaAgreement AGREEMENT = new SchemaAgreement(SCHEMA);
    private final TemporaryConfig config = new TemporaryConfig();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldAcceptExampleInBoth() {
        assertEquals(List.of(), SCHEMA.complaints(SchemaDocument.example()));
        assertEquals(List.of(), config.problems(SchemaDocument.example().toString()));
    }

    @Test
    void shouldShowEveryKeyWhenExampleIsRead() {
        Set<String> shown = new TreeSet<>();
        SCHEMA.levels().forEach(level -> SchemaDocument.example()
                .at(level.pointer())
                .fieldNames()
                .forEachRemaining(shown::add));
        Set<String> missing = new TreeSet<>();
        SCHEMA.levels().forEach(level -> missing.addAll(keys(level)));
        missing.removeAll(shown);

        assertEquals(Set.of(), missing);
        assertEquals(
                mappingsWithFixedKeys(SCHEMA.schema()),
                new HashSet<>(SCHEMA.levels().stream().map(Level::schema).toList()),
                "a level of the schema that the example does not show is not compared here");
    }

    @Test
    void shouldKnowTheSameKeysAtEveryLevel() {
        for (Level level : SCHEMA.levels()) {
            ObjectNode document = SchemaDocument.example();
            ((ObjectNode) document.at(level.pointer())).put(NO_SUCH, 1);

            String rule = onlyProblem(document).rule();

            assertEquals(KNOWN + String.join(", ", keys(level)), rule, level.pointer());
            assertFalse(SCHEMA.accepts(document), level.pointer());
        }
    }

    @Test
    void shouldRequireTheSameKeysAtEveryLevel() {
        for (Level level : SCHEMA.levels()) {
            Set<String> required = new TreeSet<>();
            level.schema().path("required").forEach(key -> required.add(key.asText()));
            Set<String> missed = new TreeSet<>();
            for (String key : keys(level)) {
                ObjectNode document = SchemaDocument.example();
                ((ObjectNode) document.at(level.pointer())).remove(key);
                if (problems(document).stream()
                        .anyMatch(problem -> problem.rule().equals("is required"))) {
                    missed.add(key);
                }
            }
            assertEquals(required, missed, level.pointer());
        }
    }

    @Test
    void shouldHaveTheSameDefaults() {
        List<At> equal = new ArrayList<>();
        forEachProperty(
                (at, preset) -> {
                    ObjectNode absent = SchemaDocument.example();
                    ((ObjectNode) absent.at(at.level().pointer())).remove(at.key());
                    ObjectNode written = with(at, preset);

                    if (fitsBeside(absent) && fitsBeside(written)) {
                        assertEquals(read(absent), read(written), at::toString);
                        equal.add(at);
                    }
                },
                "default");
        assertTrue(equal.size() >= 50, "defaults compared: " + equal.size());
    }

    @Test
    void shouldHaveTheSameWords() {
        int compared = forEachProperty(
                (at, words) -> {
                    Set<String> sorted = new TreeSet<>();
                    for (JsonNode word : words) {
                        sorted.add(word.asText());
                        fitsBeside(with(at, word));
                    }
                    ConfigProblem problem = onlyProblem(with(at, TextNode.valueOf(NO_SUCH)));
                    if (hasPlace(problem)) {
                        assertEquals("must be one of: " + String.join(", ", sorted), problem.rule());
                    }
                },
                "enum");
        assertTrue(compared >= 10, "enums compared: " + compared);
    }

    @Test
    void shouldHaveTheSameRanges() {
        int compared = forEachProperty(
                (at, minimum) -> {
                    JsonNode property = at.level().schema().get("properties").get(at.key());
                    long min = minimum.asLong();
                    long max = SCHEMA.keyword(property, "maximum").asLong();
                    for (long inside : new long[] {min, max}) {
                        JsonNode document = with(at, number(inside));
                        fitsBeside(document);
                        assertTrue(SCHEMA.accepts(document), at::toString);
                    }
                    for (long outside : new long[] {min - 1, max + 1}) {
                        JsonNode document = with(at, number(outside));
                        ConfigProblem problem = onlyProblem(document);
                        if (hasPlace(problem)) {
                            assertEquals(
                                    "must be a whole number from " + min + " to " + max, problem.rule(), at::toString);
                        }
                        assertFalse(SCHEMA.accepts(document), at::toString);
                    }
                },
                "minimum");
        assertTrue(compared >= 30, "ranges compared: " + compared);
    }

    @Test
    void shouldDescribeEveryKeyInSchemaAndReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (Level level : SCHEMA.levels()) {
            assertTrue(level.schema().has("description"), level.pointer());
            level.schema().get("properties").properties().forEach(property -> {
                assertFalse(SCHEMA.keyword(property.getValue(), "description").isMissingNode(), property.getKey());
                assertTrue(readme.contains("| `" + property.getKey() + "` |"), property.getKey());
            });
        }
    }

    private static Set<JsonNode> mappingsWithFixedKeys(JsonNode node) {
        Set<JsonNode> found = new HashSet<>();
        if (node.has("properties")) {
            found.add(node);
        }
        node.forEach(child -> found.addAll(mappingsWithFixedKeys(child)));
        return found;
    }

    private record At(Level level, String key) {}

    /** Each property of each level whose schema has the keyword, with what that says. */
    private int forEachProperty(BiConsumer<At, JsonNode> check, String keyword) {
        int checked = 0;
        for (Level level : SCHEMA.levels()) {
            for (Entry<String, JsonNode> property :
                    level.schema().get("properties").properties()) {
                JsonNode said = SCHEMA.keyword(property.getValue(), keyword);
                if (!said.isMissingNode()) {
                    check.accept(new At(level, property.getKey()), said);
                    checked++;
                }
            }
        }
        return checked;
    }

    private static JsonNode number(long value) {
        return SchemaDocument.JSON.getNodeFactory().numberNode(value);
    }

    private static ObjectNode with(At at, JsonNode value) {
        ObjectNode document = SchemaDocument.example();
        ((ObjectNode) document.at(at.level().pointer())).set(at.key(), value);
        return document;
    }

    private static List<String> keys(Level level) {
        List<String> keys = new ArrayList<>();
        level.schema().get("properties").fieldNames().forEachRemaining(keys::add);
        Collections.sort(keys);
        return keys;
    }

    private List<ConfigProblem> problems(JsonNode document) {
        return config.problems(document.toString());
    }

    /** False when the value is right but has no place beside its neighbours; fails when it is wrong. */
    private boolean fitsBeside(JsonNode document) {
        List<ConfigProblem> problems = problems(document);
        Verdict verdict = AGREEMENT.verdict(problems);
        assertNotEquals(Verdict.WRONG_SHAPE, verdict, problems::toString);
        return verdict == Verdict.RIGHT;
    }

    /** Whether the value was looked at; what stands beside others in vain is only told to go. */
    private static boolean hasPlace(ConfigProblem problem) {
        return !problem.rule().startsWith("is for ");
    }

    private ConfigProblem onlyProblem(JsonNode document) {
        List<ConfigProblem> problems = problems(document);
        assertEquals(1, problems.size(), problems::toString);
        return problems.get(0);
    }

    private EcmpConfig read(JsonNode document) {
        return config.read(document.toString());
    }
}
