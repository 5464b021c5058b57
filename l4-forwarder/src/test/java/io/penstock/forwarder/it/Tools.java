package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

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

    /** @param needed what is missing when the command fails */
    static void assumeRuns(String needed, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ran = process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        assumeTrue(ran, "skipped: needs " + needed);
    }
}
