package io.penstock.perf.policies;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Numbers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page for the documentation: a text with places for what was measured. {@code ${facts}}, {@code ${simulation}} and
 * {@code ${loopback}} become tables, the name of any figure its value.
 */
final class Page {
    private static final String TEMPLATE = "policies.md";
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]+)}");

    private final Map<String, String> values = new TreeMap<>();

    Page(Map<String, String> facts, Results results, Figures figures) {
        figures.rows().forEach(row -> values.put(row.name(), Numbers.shortly(row.value())));
        values.put("facts", facts(facts));
        values.put("simulation", lines(OutcomeTable.of(results.simulation()).markdown()));
        values.put("loopback", lines(OutcomeTable.of(results.loopback()).markdown()));
    }

    String text() throws IOException {
        return fill(template(), values);
    }

    boolean has(String place) {
        return values.containsKey(place);
    }

    /** What the text has places for. */
    static List<String> places() throws IOException {
        return PLACE.matcher(template()).results().map(place -> place.group(1)).toList();
    }

    private static String template() throws IOException {
        try (InputStream template = Page.class.getResourceAsStream(TEMPLATE)) {
            return new String(template.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A place without a value shows a dash: that policy could not be run. */
    static String fill(String template, Map<String, String> values) {
        return PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "-")));
    }

    private static String facts(Map<String, String> facts) {
        return "| | |\n|---|---|\n"
                + facts.entrySet().stream()
                        .map(fact -> "| " + fact.getKey() + " | " + fact.getValue() + " |")
                        .collect(Collectors.joining("\n"));
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines);
    }
}
