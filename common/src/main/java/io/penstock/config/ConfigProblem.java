package io.penstock.config;

import java.util.Comparator;

/**
 * One thing wrong with a configuration file, printed as {@code file:line:column: key: rule (was x)}.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param key dotted path such as {@code services.web.listen[0]}, or {@link #DOCUMENT}
 * @param rule what would be right
 * @param was what the file says, on one line and shortened
 */
public record ConfigProblem(String file, int line, int column, String key, String rule, String was) {
    /** The key of a problem with the file as a whole. */
    public static final String DOCUMENT = "document";

    static final Comparator<ConfigProblem> BY_POSITION =
            Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column);

    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + key + ": " + rule + " (was " + was + ")";
    }
}
