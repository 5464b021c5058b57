package io.penstock.perf.rig;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ScratchTest {
    @Test
    void shouldEndWhatWasStartedAndRemoveItsFiles() throws IOException {
        Process child;
        Path directory;
        try (Scratch scratch = Scratch.create("penstock-test")) {
            directory = scratch.directory();
            Files.writeString(Files.createDirectory(directory.resolve("deep")).resolve("file"), "x");
            child = new ProcessBuilder(List.of("sleep", "60")).start();
        }
        assertFalse(Files.exists(directory));
        child.onExit().join();
        assertTrue(child.exitValue() != 0);
    }
}
