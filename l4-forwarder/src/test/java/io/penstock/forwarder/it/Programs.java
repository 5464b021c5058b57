package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the host that a test starts as peers, what they say in files of a directory. {@link #close} ends them. */
final class Programs implements AutoCloseable {
    private static final int RUN_LIMIT_S = 40;
    private static final int END_LIMIT_S = 5;

    private final Path directory;
    private final Deque<Program> launched = new ArrayDeque<>();

    /** One that goes on beside the test. */
    record Program(Process process, Path output) {
        String said() throws IOException {
            return Files.readString(output);
        }

        /** Waits until it has said this. */
        void awaitSaid(String words) throws Exception {
            Await.until(words, () -> said().contains(words));
        }

        void signal(String name) throws Exception {
            // The shell's own: a small system has no kill command.
            Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid()).start();
            assertEquals(0, kill.waitFor());
        }

        /** Waits for its end. */
        int awaitEnd() throws Exception {
            if (!process.waitFor(RUN_LIMIT_S, TimeUnit.SECONDS)) {
                fail("still there:\n" + said());
            }
            return process.exitValue();
        }
    }

    Programs(Path directory) {
        this.directory = directory;
    }

    /** Starts one; it belongs to the network namespace of the calling thread. Empty words are left out. */
    Program launch(String... command) throws IOException {
        List<String> words =
                Arrays.stream(command).filter(word -> !word.isEmpty()).toList();
        Path output = Files.createTempFile(directory, "output", "");
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Program program = new Program(process, output);
        launched.push(program);
        return program;
    }

    /** What one says that must succeed, within a time. */
    String run(String... command) throws Exception {
        Program program = launch(command);
        int code = program.awaitEnd();
        String said = program.said();
        assertEquals(0, code, () -> List.of(command) + " failed:\n" + said);
        return said;
    }

    /** The last first. */
    @Override
    public void close() {
        while (!launched.isEmpty()) {
            end(launched.pop().process());
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
