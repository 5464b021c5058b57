package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class HealthLogTest {
    private static final long SINCE_NS = System.nanoTime();

    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void createLog() throws IOException {
        log = Files.createFile(directory.resolve("log"));
    }

    @Test
    void shouldFollowTheFileLineByLine() throws IOException {
        try (HealthLog health = new HealthLog(log, LogLine::ofHaproxy)) {
            assertTrue(health.isIn("a"));
            append("Server tested/a is DO");
            append("WN, reason: x\nServer tested/b is DOWN\n");
            awaitSaid(health, "b", false);
            assertTrue(health.first("a", false, SINCE_NS).isPresent());
            assertFalse(health.isIn("a"));
            append("Server tested/a is UP\n");
            awaitSaid(health, "a", true);
            assertTrue(health.isIn("a"));
            assertFalse(health.isIn("b"));
        }
    }

    @Test
    void shouldFindTheFirstWordSinceThen() throws IOException {
        try (HealthLog health = new HealthLog(log, LogLine::ofHaproxy)) {
            append("Server tested/a is DOWN\n");
            awaitSaid(health, "a", false);
            long firstNs = health.first("a", false, SINCE_NS).orElseThrow();
            long laterNs = System.nanoTime();
            assertEquals(OptionalLong.empty(), health.first("a", false, laterNs));
            append("Server tested/a is DOWN\nServer tested/b is DOWN\n");
            awaitSaid(health, "b", false);
            assertEquals(OptionalLong.of(firstNs), health.first("a", false, SINCE_NS));
            assertTrue(health.first("a", false, laterNs).orElseThrow() - laterNs >= 0);
        }
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.APPEND);
    }

    private static void awaitSaid(HealthLog health, String backend, boolean in) {
        while (health.first(backend, in, SINCE_NS).isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
