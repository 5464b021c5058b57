package io.penstock.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What tests need of the host: programs to meet as peers, root; a test that lacks something is skipped and says so. */
public final class Tools {
    private static final int LIMIT_S = 20;

    private Tools() {}

    /** They are on the PATH. */
    public static void assume(String... tools) {
        for (String tool : tools) {
            boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(found, "skipped: no " + tool + " on the PATH");
        }
    }

    public static void assumeRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: needs root");
    }

    /**
     * The command succeeds here.
     *
     * @param needed what is missing when it fails
     */
    public static void assumeRuns(String needed, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ran = process.waitFor(LIMIT_S, TimeUnit.SECONDS) && process.exitValue() == 0;
        assumeTrue(ran, "skipped: needs " + needed);
    }
}
