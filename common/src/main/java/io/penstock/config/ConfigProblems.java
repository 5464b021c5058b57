package io.penstock.config;

import java.util.ArrayList;
import java.util.List;

/** Collects the problems of one file while it is read. Not thread safe. */
final class ConfigProblems {
    /** A file this wrong is the wrong file; what follows is counted, not kept. */
    static final int MAX_KEPT = 1000;

    private static final int MAX_SHOWN_CHARS = 80;

    private final String file;
    private final List<ConfigProblem> kept = new ArrayList<>();
    private int dropped;

    ConfigProblems(String file) {
        this.file = file;
    }

    void add(Position at, String key, String rule, String was) {
        if (kept.size() == MAX_KEPT) {
            dropped++;
            return;
        }
        String shownKey = key.isEmpty() ? ConfigProblem.DOCUMENT : oneLine(key);
        kept.add(new ConfigProblem(file, at.line(), at.column(), shownKey, oneLine(rule), shorten(oneLine(was))));
    }

    /** Whether nothing at or below this key has a problem, so that a relation which involves it makes sense. */
    boolean isSound(String key) {
        return dropped == 0 && kept.stream().noneMatch(problem -> isAtOrBelow(problem.key(), oneLine(key)));
    }

    void throwIfAny() {
        if (kept.isEmpty()) {
            return;
        }
        List<ConfigProblem> sorted = new ArrayList<>(kept);
        sorted.sort(ConfigProblem.BY_POSITION);
        if (dropped > 0) {
            ConfigProblem last = sorted.get(sorted.size() - 1);
            sorted.add(new ConfigProblem(
                    file,
                    last.line(),
                    last.column(),
                    ConfigProblem.DOCUMENT,
                    "only the first " + MAX_KEPT + " problems are shown",
                    dropped + " more"));
        }
        throw new InvalidConfigException(file, sorted);
    }

    private static boolean isAtOrBelow(String key, String ancestor) {
        return key.startsWith(ancestor)
                && (key.length() == ancestor.length()
                        || key.charAt(ancestor.length()) == '.'
                        || key.charAt(ancestor.length()) == '[');
    }

    /** One problem is one line of output, whatever the file holds. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .forEach(character -> line.appendCodePoint(
                        Character.isISOControl(character) || character == 0x2028 || character == 0x2029
                                ? ' '
                                : character));
        return line.toString();
    }

    private static String shorten(String text) {
        int codePoints = text.codePointCount(0, text.length());
        return codePoints <= MAX_SHOWN_CHARS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN_CHARS - 3)) + "...";
    }
}
