package io.penstock.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A file that the configuration names, by a path relative to the configuration's own. */
public final class NamedFile {
    private NamedFile() {}

    /** A readable regular file; else the problem is reported. */
    public static Optional<Path> read(ConfigValue value, Path configFile) {
        return path(value, configFile).filter(file -> isReadable(value, file));
    }

    /** Whether or not there is one; its content is nothing that is read here. */
    public static Optional<Path> path(ConfigValue value, Path configFile) {
        return value.text("the path of a file").flatMap(text -> {
            try {
                return Optional.of(configFile.toAbsolutePath().resolveSibling(text));
            } catch (InvalidPathException noPath) {
                value.problem("must be the path of a file");
                return Optional.empty();
            }
        });
    }

    private static boolean isReadable(ConfigValue value, Path file) {
        value.names(file);
        if (!Files.exists(file)) {
            value.problem("must name a file that exists", file.toString());
        } else if (!Files.isRegularFile(file)) {
            value.problem("must name a regular file", file.toString());
        } else if (!Files.isReadable(file)) {
            value.problem("must name a readable file: permission denied", file.toString());
        } else {
            return true;
        }
        return false;
    }
}
