package io.penstock.perf.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs: on the PATH, and where Debian keeps those for root. */
public final class Tools {
    private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/sbin", "/sbin");

    private Tools() {}

    public static Optional<Path> find(String name) {
        return Stream.concat(Arrays.stream(System.getenv("PATH").split(":", -1)), SYSTEM_DIRECTORIES.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Fails with a word to the user when it is not there. */
    public static Path require(String name) throws IOException {
        return find(name).orElseThrow(() -> new IOException(name + " is not installed"));
    }
}
