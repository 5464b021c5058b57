package io.penstock.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.config.ConfigProblem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Compares what the reader and the schema say about a document. Rules that JSON Schema cannot express are listed, by category, here for
 * all programs and beside a program's tests for itself; a document that breaks only those has no common verdict.
 */
public final class SchemaAgreement {
    /** Relations between two places, and arithmetic or files behind a value. */
    private static final List<String> BEYOND_ALL_SCHEMAS = List.of(
            // Between fields of a mapping, and between its entries.
            "duplicate id, .*",
            "duplicate (prefix|address), .*",
            "must be at most (as many as|the) .*",
            "must not be longer than the interval .*",
            "others than this host reach it, .*",
            "needs admin\\.tls",
            "is listed before",
            "the first (port|status) of a range .*",
            "is for .* only",
            "cannot stand beside .*",
            "must stand in one of the checks",
            "is of another family .*",
            "is needed: (certificate|a check) .*",
            "another host's .*",
            // Arithmetic.
            "must be a duration from .*",
            "must be a percentage from .*",
            "must have no bit set .*",
            "marks what is the agent's own.*",
            // Another language.
            "is no regular expression .*",
            "its counts .*",
            // Which texts of hexadecimal digits, colons and dots are addresses, and which addresses make sense.
            "'.*' is not an IPv[46] address",
            "an IPv4-mapped address .*",
            "must be an address (to connect to|that one host has)[, ].*",
            "must be the address of a forwarder's admin API.*",
            // Another file.
            "must name a .*");

    private final SchemaDocument schema;
    private final Pattern beyondSchema;

    /**
     * Of one program.
     *
     * @param beyondSchema regular expressions of rules that are this program's only
     */
    public SchemaAgreement(SchemaDocument schema, List<String> beyondSchema) {
        this.schema = schema;
        this.beyondSchema =
                Pattern.compile(String.join("|", BEYOND_ALL_SCHEMAS) + "|" + String.join("|", beyondSchema));
    }

    /** What the reader says of a document. */
    public enum Verdict {
        RIGHT,
        WRONG_SHAPE,
        /** Only rules that the schema cannot express are broken: no common verdict. */
        BEYOND_SCHEMA
    }

    public SchemaDocument schema() {
        return schema;
    }

    public Verdict verdict(List<ConfigProblem> problems) {
        if (problems.isEmpty()) {
            return Verdict.RIGHT;
        }
        return problems.stream()
                        .allMatch(
                                problem -> beyondSchema.matcher(problem.rule()).matches())
                ? Verdict.BEYOND_SCHEMA
                : Verdict.WRONG_SHAPE;
    }

    /** What they disagree on; empty when they agree or have no common verdict. */
    public Optional<String> disagreement(JsonNode document, List<ConfigProblem> problems) {
        boolean agreed =
                switch (verdict(problems)) {
                    case RIGHT -> schema.accepts(document);
                    case WRONG_SHAPE -> !schema.accepts(document);
                    case BEYOND_SCHEMA -> true;
                };
        if (agreed) {
            return Optional.empty();
        }
        return Optional.of("reader: " + problems + "\nschema: " + schema.complaints(document) + "\n" + document);
    }
}
