package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfigWatcherBusyTest {
    private static final long TOLD_WITHIN_S = 30;

    @TempDir
    Path directory;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private volatile boolean writing = true;

    /** A log beside the file, for one: there is never a quiet moment. */
    @Test
    void shouldTellEachChangeWhereOthersWriteWithoutEnd() throws Exception {
        Path file = Files.writeString(directory.resolve("forwarder.yaml"), "0");
        Thread writer = new Thread(this::write);
        writer.start();
        ConfigWatcher watcher = ConfigWatcher.start(() -> Set.of(file), Instant.EPOCH, () -> tell(file), "test-files");
        try {
            assertNotNull(told.poll(TOLD_WITHIN_S, TimeUnit.SECONDS), "what changed since it was read last");
            for (int change = 1; change <= 3; change++) {
                Path next = Files.writeString(directory.resolve("next"), "change " + change);
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                assertNotNull(told.poll(TOLD_WITHIN_S, TimeUnit.SECONDS), "change " + change);
            }
        } finally {
            watcher.close();
            writing = false;
            writer.join();
        }
    }

    private void tell(Path file) {
        try {
            told.add(Files.readString(file));
        } catch (IOException e) {
            told.add(e.toString());
        }
    }

    private void write() {
        try {
            for (int i = 0; writing; i++) {
                Files.writeString(directory.resolve("log"), "line " + i);
                Thread.sleep(10);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
