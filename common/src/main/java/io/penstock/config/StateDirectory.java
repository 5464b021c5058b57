package io.penstock.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code state-directory}: where an agent keeps what it has to know after its end. */
public final class StateDirectory {
    private static final Pattern FORM = Pattern.compile("/[!-~]{0,1022}");

    private StateDirectory() {}

    /**
     * An absolute path.
     *
     * @param usual which holds when the key is absent
     */
    public static Path read(ConfigSection document, Path usual) {
        return document.optional("state-directory")
                .flatMap(value -> directory(value, usual))
                .orElse(usual);
    }

    private static Optional<Path> directory(ConfigValue value, Path usual) {
        String expected = "an absolute path of visible ASCII";
        return value.text(expected).flatMap(text -> {
            if (!FORM.matcher(text).matches()) {
                value.problem("must be " + expected + ", such as " + usual);
                return Optional.empty();
            }
            return Optional.of(Path.of(text));
        });
    }
}
