package io.penstock.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the problems of one file while it is read: a configuration, or data that one names. Not thread safe. */
public final class ConfigProblems {
    /** A file this wrong is the wrong file: reading it stops here. */
    static final int MAX_PROBLEMS = 1000;

    private static final int MAX_SHOWN_CHARS = 80;

    private final String file;
    private final List<ConfigProblem> kept = new ArrayList<>();
    private final Set<Path> namedFiles = new LinkedHashSet<>();

    public ConfigProblems(String file) {
        this.file = file;
    }

    /**
     * One more; line and column count from 1.
     *
     * @throws InvalidConfigException when there are too many to go on
     */
    public void add(int line, int column, String key, String rule, String was) {
        add(new Position(line, column), key, rule, was);
    }

    void names(Path file) {
        namedFiles.add(file);
    }

    Set<Path> namedFiles() {
        return new LinkedHashSet<>(namedFiles);
    }

    /** @throws InvalidConfigException when there are too many to go on */
    void add(Position at, String key, String rule, String was) {
        if (kept.size() == MAX_PROBLEMS) {
            kept.add(new ConfigProblem(
                    file,
                    at.line(),
                    at.column(),
                    ConfigProblem.DOCUMENT,
                    "reading stopped after " + MAX_PROBLEMS + " problems",
                    "perhaps another file"));
            throwIfAny();
        }
        String shownKey = key.isEmpty() ? ConfigProblem.DOCUMENT : oneLine(key);
        kept.add(new ConfigProblem(file, at.line(), at.column(), shownKey, oneLine(rule), shorten(oneLine(was))));
    }

    /** Whether nothing at or below this key has a problem, so that a relation which involves it makes sense. */
    boolean isSound(String key) {
        String shownKey = oneLine(key);
        return kept.stream().noneMatch(problem -> isAtOrBelow(problem.key(), shownKey));
    }

    /**
     * Ends the reading, when anything was wrong.
     *
     * @throws InvalidConfigException with all of them, by position
     */
    public void throwIfAny() {
        if (kept.isEmpty()) {
            return;
        }
        List<ConfigProblem> sorted = new ArrayList<>(kept);
        sorted.sort(ConfigProblem.BY_POSITION);
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
