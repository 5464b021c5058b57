package io.penstock.config;

import java.util.List;

/** A configuration file that cannot be used, with everything that is wrong with it in the order of the file. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final transient List<ConfigProblem> problems;

    InvalidConfigException(String file, List<ConfigProblem> problems) {
        // Bad input, not a bug: where in our code it was noticed helps nobody.
        super(summary(file, problems.size()), null, false, false);
        this.file = file;
        this.problems = List.copyOf(problems);
    }

    /** The path as it was given. */
    public String file() {
        return file;
    }

    /** At least one, by line and column. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    private static String summary(String file, int count) {
        return file + ": " + count + (count == 1 ? " problem" : " problems");
    }
}
