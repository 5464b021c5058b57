package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.penstock.config.ConfigProblem;
import io.penstock.forwarder.config.SchemaAgreement.Verdict;
import io.penstock.forwarder.config.SchemaDocument.Level;
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

    /** Of flow-log: cannot stand beside its file. */
    private static final Set<String> INSTEAD_OF_WHAT_IS_SHOWN = Set.of("stdout", "syslog");

    private static final SchemaDocument SCHEMA = new SchemaDocument();
    private static final SchemaAgreement AGREEMENT = new SchemaAgreement();
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
    void shouldNameInCommentsWhatCannotStandInTheExample() throws IOException {
        String example = Files.readString(Path.of("src/main/dist/share/forwarder.example.yaml"));
        INSTEAD_OF_WHAT_IS_SHOWN.forEach(key -> assertTrue(example.contains(key + ": "), key));
    }

    @Test
    void shouldShowEveryKeyWhenExampleIsRead() {
        Set<String> shown = new TreeSet<>();
        SCHEMA.levels().forEach(level -> example(level.pointer()).fieldNames().forEachRemaining(shown::add));
        Set<String> all = new TreeSet<>();
        SCHEMA.levels().forEach(level -> all.addAll(keys(level)));
        all.removeAll(INSTEAD_OF_WHAT_IS_SHOWN);

        assertEquals(all, new TreeSet<>(intersection(shown, all)));
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
                (at, property) -> {
                    ObjectNode absent = SchemaDocument.example();
                    ((ObjectNode) absent.at(at.level().pointer())).remove(at.key());
                    ObjectNode written = SchemaDocument.example();
                    ((ObjectNode) written.at(at.level().pointer())).set(at.key(), property.get("default"));

                    if (fitsBeside(absent) && fitsBeside(written)) {
                        assertEquals(read(absent), read(written), at::toString);
                        equal.add(at);
                    }
                },
                "default");
        assertTrue(equal.size() >= 60, "defaults compared: " + equal.size());
    }

    @Test
    void shouldHaveTheSameWords() {
        int compared = forEachProperty(
                (at, property) -> {
                    Set<String> words = new TreeSet<>();
                    for (JsonNode word : property.get("enum")) {
                        words.add(word.asText());
                        fitsBeside(with(at, word));
                    }
                    ConfigProblem problem = onlyProblem(with(at, TextNode.valueOf(NO_SUCH)));
                    String list = String.join(", ", words);
                    assertEquals("must be " + (words.size() == 1 ? "" : "one of: ") + list, problem.rule());
                },
                "enum");
        assertTrue(compared >= 20, "enums compared: " + compared);
    }

    @Test
    void shouldHaveTheSameRanges() {
        int compared = forEachProperty(
                (at, property) -> {
                    int min = property.get("minimum").asInt();
                    int max = property.get("maximum").asInt();
                    boolean whole = property.get("type").asText().equals("integer");
                    for (int inside : new int[] {min, max}) {
                        ObjectNode document =
                                with(at, SchemaDocument.JSON.getNodeFactory().numberNode(inside));
                        fitsBeside(document);
                        assertTrue(SCHEMA.accepts(document), at::toString);
                    }
                    for (int outside : new int[] {min - 1, max + 1}) {
                        ObjectNode document =
                                with(at, SchemaDocument.JSON.getNodeFactory().numberNode(outside));
                        assertEquals(
                                "must be a " + (whole ? "whole " : "") + "number from " + min + " to " + max
                                        + (whole ? "" : " with at most one decimal"),
                                onlyProblem(document).rule(),
                                at::toString);
                        assertFalse(SCHEMA.accepts(document), at::toString);
                    }
                },
                "minimum");
        assertTrue(compared >= 60, "ranges compared: " + compared);
    }

    @Test
    void shouldDescribeEveryKeyInSchemaAndReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (Level level : SCHEMA.levels()) {
            assertTrue(level.schema().has("description"), level.pointer());
            level.schema().get("properties").properties().forEach(property -> {
                assertTrue(property.getValue().has("description"), property.getKey());
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

    /** Each property of each level whose schema has the keyword. */
    private int forEachProperty(BiConsumer<At, JsonNode> check, String keyword) {
        List<At> checked = new ArrayList<>();
        for (Level level : SCHEMA.levels()) {
            for (Entry<String, JsonNode> property :
                    level.schema().get("properties").properties()) {
                if (property.getValue().has(keyword)) {
                    At at = new At(level, property.getKey());
                    check.accept(at, property.getValue());
                    checked.add(at);
                }
            }
        }
        return checked.size();
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

    private static JsonNode example(String pointer) {
        return SchemaDocument.example().at(pointer);
    }

    private static Set<String> intersection(Set<String> a, Set<String> b) {
        Set<String> both = new HashSet<>(a);
        both.retainAll(b);
        return both;
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

    private ConfigProblem onlyProblem(JsonNode document) {
        List<ConfigProblem> problems = problems(document);
        assertEquals(1, problems.size(), problems::toString);
        return problems.get(0);
    }

    /** Everything that compares by value. */
    private List<Object> read(JsonNode document) {
        ForwarderConfig read = config.read(document.toString());
        return List.of(
                read.sharedSecret(),
                read.workers(),
                read.splice(),
                read.warmUp(),
                read.drainTimeout(),
                read.maxConnections(),
                read.maxSessions(),
                read.place(),
                read.geo(),
                read.process().metrics(),
                read.services(),
                read.pools());
    }
}
