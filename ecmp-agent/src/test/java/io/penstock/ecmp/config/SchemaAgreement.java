package io.penstock.ecmp.config;

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
            // Between VIPs, routes, legs, fields of a mapping.
            "duplicate (id|address|leg|route), .*",
            "must be at most (as many as|the) .*",
            "must not be longer than the interval .*",
            "others than this host reach it, .*",
            "needs admin\\.tls",
            "is listed before",
            "the first status of a range .*",
            "is for .* only",
            "cannot stand beside .*",
            "must stand in one of the checks",
            "is of another family .*",
            "is needed: (certificate|a check|a link-local) .*",
            "is link-local.*",
            "must be of the same family .*",
            "must be (the host's own|another than|the leg's own).*",
            "needs at least .* buckets.*",
            "may be the leg of line .*",
            "another host's .*",
            // Arithmetic.
            "must be a duration from .*",
            "must be whole seconds, .*",
            "must be a multiple of .*",
            "must be a percentage from .*",
            "must have no bit set .*",
            "must not be the kernel's own.*",
            "marks what is the agent's own.*",
            // Another language.
            "is no regular expression .*",
            "its counts .*",
            // Which texts of hexadecimal digits, colons and dots are addresses, and which addresses make sense.
            "'.*' is not an IPv[46] address",
            "an IPv4-mapped address .*",
            "must be an address (to connect to|that one host has|that routers lead to)[, ].*",
            "must be of addresses that hosts have.*",
            "must be the address of a host on one of this router's networks.*",
            "must be the address of a forwarder's admin API.*",
            // Another file.
            "must name a .*"));

    private final SchemaDocument schema;

    SchemaAgreement(SchemaDocument schema) {
        this.schema = schema;
    }

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
