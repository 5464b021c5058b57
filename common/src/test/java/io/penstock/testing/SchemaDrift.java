package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.penstock.config.ConfigProblem;
import io.penstock.testing.SchemaAgreement.Verdict;
import io.penstock.testing.SchemaDocument.Level;
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

/**
 * Holds a program's schema, reader, example and README together. What the reader knows is asked of the reader.
 *
 * @param <T> what its configuration is read into
 */
public abstract class SchemaDrift<T> {
    private static final String NO_SUCH = "zzzzzzzzzzzz";
    private static final String KNOWN = "unknown key, known here: ";

    private final SchemaAgreement agreement;
    private final SchemaDocument schema;
    private final TemporaryConfig<T> config;
    private final Least least;

    /** How many of each kind a schema has at least, so that nothing is compared in vain. */
    public record Least(int defaults, int words, int ranges) {}

    /** @param config closed after each test */
    protected SchemaDrift(SchemaAgreement agreement, TemporaryConfig<T> config, Least least) {
        this.agreement = agreement;
        this.schema = agreement.schema();
        this.config = config;
        this.least = least;
    }

    /** Keys that the example cannot show, since they cannot stand beside what it shows. */
    protected Set<String> insteadOfWhatIsShown() {
        return Set.of();
    }

    /** What of a configuration compares by value. */
    protected Object comparable(T read) {
        return read;
    }

    @AfterEach
    final void close() {
        config.close();
    }

    @Test
    final void shouldAcceptExampleInBoth() {
        assertEquals(List.of(), schema.complaints(schema.example()));
        assertEquals(List.of(), config.problems(schema.example().toString()));
    }

    @Test
    final void shouldShowEveryKeyWhenExampleIsRead() {
        Set<String> shown = new TreeSet<>();
        schema.levels()
                .forEach(level ->
                        schema.example().at(level.pointer()).fieldNames().forEachRemaining(shown::add));
        Set<String> missing = new TreeSet<>();
        schema.levels().forEach(level -> missing.addAll(keys(level)));
        missing.removeAll(shown);
        missing.removeAll(insteadOfWhatIsShown());

        assertEquals(Set.of(), missing);
        assertEquals(
                mappingsWithFixedKeys(schema.schema()),
                new HashSet<>(schema.levels().stream().map(Level::schema).toList()),
                "a level of the schema that the example does not show is not compared here");
    }

    @Test
    final void shouldKnowTheSameKeysAtEveryLevel() {
        for (Level level : schema.levels()) {
            ObjectNode document = schema.example();
            ((ObjectNode) document.at(level.pointer())).put(NO_SUCH, 1);

            String rule = onlyProblem(document).rule();

            assertEquals(KNOWN + String.join(", ", keys(level)), rule, level.pointer());
            assertFalse(schema.accepts(document), level.pointer());
        }
    }

    @Test
    final void shouldRequireTheSameKeysAtEveryLevel() {
        for (Level level : schema.levels()) {
            Set<String> required = new TreeSet<>();
            level.schema().path("required").forEach(key -> required.add(key.asText()));
            Set<String> missed = new TreeSet<>();
            for (String key : keys(level)) {
                ObjectNode document = schema.example();
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
    final void shouldHaveTheSameDefaults() {
        List<At> equal = new ArrayList<>();
        forEachProperty(
                (at, preset) -> {
                    ObjectNode absent = schema.example();
                    ((ObjectNode) absent.at(at.level().pointer())).remove(at.key());
                    ObjectNode written = with(at, preset);

                    if (fitsBeside(absent) && fitsBeside(written)) {
                        assertEquals(read(absent), read(written), at::toString);
                        equal.add(at);
                    }
                },
                "default");
        assertTrue(equal.size() >= least.defaults(), "defaults compared: " + equal.size());
    }

    @Test
    final void shouldHaveTheSameWords() {
        int compared = forEachProperty(
                (at, words) -> {
                    Set<String> sorted = new TreeSet<>();
                    for (JsonNode word : words) {
                        sorted.add(word.asText());
                        fitsBeside(with(at, word));
                    }
                    ConfigProblem problem = onlyProblem(with(at, TextNode.valueOf(NO_SUCH)));
                    if (hasPlace(problem)) {
                        assertEquals(
                                "must be " + (sorted.size() == 1 ? "" : "one of: ") + String.join(", ", sorted),
                                problem.rule());
                    }
                },
                "enum");
        assertTrue(compared >= least.words(), "enums compared: " + compared);
    }

    @Test
    final void shouldHaveTheSameRanges() {
        int compared = forEachProperty(
                (at, minimum) -> {
                    JsonNode property = at.level().schema().get("properties").get(at.key());
                    long min = minimum.asLong();
                    long max = schema.keyword(property, "maximum").asLong();
                    boolean whole = schema.keyword(property, "type").asText().equals("integer");
                    for (long inside : new long[] {min, max}) {
                        JsonNode document = with(at, number(inside));
                        fitsBeside(document);
                        assertTrue(schema.accepts(document), at::toString);
                    }
                    for (long outside : new long[] {min - 1, max + 1}) {
                        JsonNode document = with(at, number(outside));
                        ConfigProblem problem = onlyProblem(document);
                        if (hasPlace(problem)) {
                            assertEquals(
                                    "must be a " + (whole ? "whole " : "") + "number from " + min + " to " + max
                                            + (whole ? "" : " with at most one decimal"),
                                    problem.rule(),
                                    at::toString);
                        }
                        assertFalse(schema.accepts(document), at::toString);
                    }
                },
                "minimum");
        assertTrue(compared >= least.ranges(), "ranges compared: " + compared);
    }

    @Test
    final void shouldDescribeEveryKeyInSchemaAndReadme() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (Level level : schema.levels()) {
            assertTrue(level.schema().has("description"), level.pointer());
            level.schema().get("properties").properties().forEach(property -> {
                assertFalse(schema.keyword(property.getValue(), "description").isMissingNode(), property.getKey());
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
        for (Level level : schema.levels()) {
            for (Entry<String, JsonNode> property :
                    level.schema().get("properties").properties()) {
                JsonNode said = schema.keyword(property.getValue(), keyword);
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

    private ObjectNode with(At at, JsonNode value) {
        ObjectNode document = schema.example();
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
        Verdict verdict = agreement.verdict(problems);
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

    private Object read(JsonNode document) {
        return comparable(config.read(document.toString()));
    }
}
