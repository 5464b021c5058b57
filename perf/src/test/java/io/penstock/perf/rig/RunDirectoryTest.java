package io.penstock.perf.rig;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class RunDirectoryTest {
    @Test
    void shouldLeaveNothingWhenItIsClosed() throws IOException {
        RunDirectory directory = RunDirectory.create("penstock-test");
        Path inner = Files.createDirectories(directory.path().resolve("a/b"));
        Files.writeString(inner.resolve("file"), "text");
        assertFalse(directory.isClosed());
        directory.close();
        directory.close();
        assertTrue(directory.isClosed());
        assertFalse(Files.exists(directory.path()));
    }
}
