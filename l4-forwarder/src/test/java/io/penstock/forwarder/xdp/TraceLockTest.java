package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceLockTest {
    @TempDir
    private Path directory;

    @Test
    void shouldBeOneCommands() {
        TraceLock lock = TraceLock.hold(directory, "default").orElseThrow();
        assertTrue(TraceLock.hold(directory, "default").isEmpty());
        assertTrue(TraceLock.hold(directory, "other").isPresent());
        assertFalse(TraceLock.takeLeft(directory, "default"), "somebody reads");

        lock.close();

        assertFalse(TraceLock.takeLeft(directory, "default"), "it ended in order");
        assertTrue(TraceLock.hold(directory, "default").isPresent());
    }

    @Test
    void shouldBeLeftByOneThatWasKilled() throws Exception {
        Files.createFile(directory.resolve("xdp-default.trace"));

        assertTrue(TraceLock.takeLeft(directory, "default"));
        assertFalse(TraceLock.takeLeft(directory, "default"), "once");
    }

    @Test
    void shouldNotBeNeededForATrace() {
        assertTrue(TraceLock.hold(directory.resolve("nowhere"), "default").isEmpty());
        assertFalse(TraceLock.takeLeft(directory.resolve("nowhere"), "default"));
    }
}
