package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of the host that tests use as peers; a test that lacks one is skipped and says so. */
final class Tools {
    private Tools() {}

    static void assume(String... tools) {
        for (String tool : tools) {
            boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(found, "skipped: no " + tool + " on the PATH");
        }
    }
}
