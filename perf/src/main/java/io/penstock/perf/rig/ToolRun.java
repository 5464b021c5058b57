package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param output standard output and standard error, as they came
 */
public record ToolRun(int exitCode, String output) {
    /** Fails when it takes longer than it may; it is then ended. */
    public static ToolRun of(List<String> command, long timeoutSeconds) throws IOException, InterruptedException {
        Path output = Files.createTempFile("penstock-tool", ".out");
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                throw new IOException("took more than " + timeoutSeconds + " s: " + String.join(" ", command));
            }
            return new ToolRun(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    /** As above, and fails with its output when its exit code is not 0. */
    public static String outputOf(List<String> command, long timeoutSeconds) throws IOException, InterruptedException {
        ToolRun run = of(command, timeoutSeconds);
        if (run.exitCode != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + run.exitCode + ": " + run.output.trim());
        }
        return run.output;
    }
}
