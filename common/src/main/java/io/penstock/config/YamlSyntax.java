package io.penstock.config;

import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What the parser did not like, in words for the person who wrote the file. */
final class YamlSyntax {
    /** An address that YAML takes for a list or an alias: {@code [::]:80}, {@code *:80}. */
    private static final Pattern UNQUOTED_ADDRESS =
            Pattern.compile("(^|[\\s,\\[])(\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]|\\*:\\d)");

    private YamlSyntax() {}

    static RejectedYamlException rejected(MarkedYamlEngineException syntax, String text) {
        Position at = syntax.getProblemMark().map(Position::of).orElse(Position.START);
        String problem = syntax.getProblem();
        String line = line(text, at.line());
        if (problem.contains("TAB")) {
            return new RejectedYamlException(at, "YAML is indented with spaces, never with tabs", "a tab");
        }
        String context = syntax.getContext() == null ? "" : syntax.getContext() + ": ";
        return new RejectedYamlException(at, "not YAML: " + context + problem + quotingHint(text, at), line.strip());
    }

    /** What to add to a rule when the line holds an address without the quotes that it needs; else nothing. */
    static String quotingHint(String text, Position at) {
        return UNQUOTED_ADDRESS.matcher(line(text, at.line())).find()
                ? "; an address that starts with [ or * needs quotes"
                : "";
    }

    private static String line(String text, int line) {
        return text.lines().skip(line - 1L).findFirst().orElse("end of file");
    }
}
