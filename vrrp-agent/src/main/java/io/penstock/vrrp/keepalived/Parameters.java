package io.penstock.vrrp.keepalived;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code $NAME=...} defines and {@code $NAME} or <code>${NAME}</code> stands for. Not thread safe. */
final class Parameters {
    /** Deeper, and they name each other. */
    private static final int MAX_DEPTH = 16;

    /** Characters; beyond that nothing is replaced any more. */
    private static final int MAX_LENGTH = 1 << 20;

    private static final Pattern DEFINITION = Pattern.compile("\\s*\\$(\\w+)\\s*=\\s*(.*?)\\s*");
    private static final Pattern PARAMETER = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");

    private final Remarks remarks;
    private final Map<String, String> parameters = new HashMap<>();

    Parameters(Remarks remarks) {
        this.remarks = remarks;
    }

    /**
     * Defines one when this is a line that does: it goes on as long as its lines end with a backslash.
     *
     * @param line the one at {@code first}, without its condition
     * @return where the last line of the definition is, or -1 when this is none
     */
    int define(String line, List<String> all, int first) {
        Matcher definition = DEFINITION.matcher(line);
        if (!definition.matches()) {
            return -1;
        }
        StringBuilder value = new StringBuilder();
        String part = definition.group(2);
        int at = first;
        while (part.endsWith("\\") && at + 1 < all.size()) {
            value.append(part, 0, part.length() - 1).append('\n');
            at++;
            part = all.get(at).stripTrailing();
        }
        parameters.put(definition.group(1), value.append(part).toString());
        return at;
    }

    /** A line, or the lines, with what parameters stand for, which may name others. */
    String replaced(String line, Place place) {
        String before = line;
        for (int i = 0; i < MAX_DEPTH && before.length() < MAX_LENGTH; i++) {
            String after = PARAMETER.matcher(before).replaceAll(match -> Matcher.quoteReplacement(value(match)));
            if (after.equals(before)) {
                break;
            }
            before = after;
        }
        PARAMETER
                .matcher(before)
                .results()
                .filter(match -> line.indexOf('"') < 0)
                .map(Parameters::parameter)
                .distinct()
                .forEach(name -> remarks.different(place, "$" + name + " is not defined"));
        return before;
    }

    private String value(MatchResult match) {
        return parameters.getOrDefault(parameter(match), match.group());
    }

    private static String parameter(MatchResult match) {
        return match.group(1) != null ? match.group(1) : match.group(2);
    }
}
