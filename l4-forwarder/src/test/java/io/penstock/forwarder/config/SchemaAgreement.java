package io.penstock.forwarder.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.config.ConfigProblem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Compares what the reader and the schema say about a document. Rules that JSON Schema cannot express are listed here,
 * by category, and nowhere else; a document that breaks only those has no common verdict.
 */
final class SchemaAgreement {
    /** Relations between two places, and arithmetic or files behind a value. */
    private static final Pattern BEYOND_SCHEMA = Pattern.compile(String.join(
            "|",
            // Between listeners, services and pools, backends, fields of a mapping.
            "overlaps .*",
            "no pool is named .*",
            "duplicate id, .*",
            "duplicate (prefix|address), .*",
            "must be at most (as many as|the) .*",
            "must not be longer than the interval .*",
            "must not be shorter than time",
            "needs a port[;:] .*",
            "others than this host reach it, .*",
            "needs admin\\.tls",
            "is listed before",
            "is a UNIX socket, .*",
            "the first (port|status) of a range .*",
            "is for .* only",
            "cannot stand beside .*",
            "cannot be used with UDP, .*",
            "must stand in one of the checks",
            "is needed when .*",
            "must be above 0% when .*",
            "writes nothing, unless .*",
            "is of another family .*",
            "is a listener of this forwarder.*",
            "a queue needs a limit.*",
            "must say where .*",
            // Arithmetic.
            "must be a prime; .*",
            "must be a duration from .*",
            "must be a rate from .*",
            "must be a size from .*",
            "must be a percentage from .*",
            "the percentages of all splits .*",
            "this pool has a share already.*",
            "must have no bit set .*",
            // Another language.
            "is no regular expression .*",
            "its counts .*",
            // Which texts of hexadecimal digits, colons and dots are addresses, and which addresses make sense.
            "'.*' is not an IPv[46] address",
            "an IPv4-mapped address .*",
            "must be an address (to connect to|that one host has), .*",
            // Another file.
            "must name a .*",
            "the secret must have .*"));

    private final SchemaDocument schema = new SchemaDocument();

    /** What the reader says of a document. */
    enum Verdict {
        RIGHT,
        WRONG_SHAPE,
        /** Only rules that the schema cannot express are broken: no common verdict. */
        BEYOND_SCHEMA
    }

    Verdict verdict(List<ConfigProblem> problems) {
        if (problems.isEmpty()) {
            return Verdict.RIGHT;
        }
        return problems.stream()
                        .allMatch(
                                problem -> BEYOND_SCHEMA.matcher(problem.rule()).matches())
                ? Verdict.BEYOND_SCHEMA
                : Verdict.WRONG_SHAPE;
    }

    /** What they disagree on; empty when they agree or have no common verdict. */
    Optional<String> disagreement(JsonNode document, List<ConfigProblem> problems) {
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
