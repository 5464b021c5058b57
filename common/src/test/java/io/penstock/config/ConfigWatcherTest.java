package io.penstock.config;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real files. Whoever is told of a change reads them, as a reload does; a test waits until the right text was read. */
@Timeout(60)
class ConfigWatcherTest {
    private static final int LIMIT_S = 20;
    private static final int RETRY_MS = 300;
    private static final String GONE = "(gone)";

    @TempDir
    Path directory;

    private final BlockingQueue<String> read = new LinkedBlockingQueue<>();
    private Path file;
    private volatile Set<Path> files;
    private ConfigWatcher watcher;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("forwarder.yaml"), "first");
        files = Set.of(file);
    }

    @AfterEach
    void close() {
        if (watcher != null) {
            watcher.close();
        }
    }

    /** Returns when it watches: a change of a file that is there for this alone has been told. */
    private void watch() throws Exception {
        Path probe = directory.resolve("probe");
        Set<Path> wanted = files;
        files = Set.of(file, probe);
        watcher = ConfigWatcher.start(() -> files, Instant.now().plus(Duration.ofDays(1)), this::onChange, "files");
        awaitTold(probe);
        files = wanted;
    }

    /** Writes until it is told of: the watch may have just begun, and have seen only what was written first. */
    private void awaitTold(Path changing) throws Exception {
        int i = 0;
        do {
            Files.writeString(changing, "version " + i++);
        } while (read.poll(RETRY_MS, TimeUnit.MILLISECONDS) == null);
    }

    /** On the watch's thread. */
    private void onChange() {
        read.add(text(file));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException gone) {
            return GONE;
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** There may be other changes before it, where a step was seen between two others. */
    private void awaitRead(String text) throws InterruptedException {
        String next;
        do {
            next = read.poll(LIMIT_S, TimeUnit.SECONDS);
            assertNotNull(next, () -> "never read: " + text);
        } while (!next.equals(text));
    }

    private void replace(Path target, String text) throws IOException {
        Files.move(Files.writeString(directory.resolve("new"), text), target, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    @Test
    void shouldTellWhenAFileIsWrittenInPlace() throws Exception {
        watch();
        Files.writeString(file, "second");
        awaitRead("second");
        Files.writeString(file, "third");
        awaitRead("third");
    }

    @Test
    void shouldTellWhenAFileIsReplacedByARename() throws Exception {
        watch();
        for (String text : List.of("second", "third", "fourth")) {
            replace(file, text);
            awaitRead(text);
        }
    }

    @Test
    void shouldTellWhenAKubernetesVolumeIsSwapped() throws Exception {
        volume("..v1", "first");
        file = Files.createSymbolicLink(directory.resolve("mounted.yaml"), Path.of("..data", "mounted.yaml"));
        files = Set.of(file);
        watch();
        volume("..v2", "second");
        awaitRead("second");
        volume("..v3", "third");
        awaitRead("third");
        // And what lies in the new directory is watched too.
        Files.writeString(directory.resolve("..v3").resolve("mounted.yaml"), "fourth");
        awaitRead("fourth");
    }

    private void volume(String name, String text) throws IOException {
        Path version = Files.createDirectory(directory.resolve(name));
        Files.writeString(version.resolve("mounted.yaml"), text);
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(name));
        Files.move(link, directory.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    @Test
    void shouldTellWhenAFileIsGoneAndWhenItIsBack() throws Exception {
        watch();
        Files.delete(file);
        awaitRead(GONE);
        Files.writeString(file, "back");
        awaitRead("back");
    }

    @Test
    void shouldTellWhenTheDirectoryComesBackWithAnotherFile() throws Exception {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        file = Files.writeString(inside.resolve("forwarder.yaml"), "first");
        files = Set.of(file);
        watch();
        Files.delete(file);
        Files.delete(inside);
        awaitRead(GONE);
        Files.writeString(Files.createDirectory(inside).resolve("forwarder.yaml"), "back");
        awaitRead("back");
    }

    /** The file names another one, which changes then. */
    @Test
    void shouldWatchTheFilesThatAChangeBrought() throws Exception {
        Path secret = Files.writeString(
                Files.createDirectory(directory.resolve("etc")).resolve("secret"), "1");
        watch();
        files = Set.of(file, secret);
        Files.writeString(file, "names the secret");
        awaitRead("names the secret");
        read.clear();
        awaitTold(secret);
    }

    /** It changed between the reading at the start and the beginning of the watch. */
    @Test
    void shouldTellAtOnceWhatChangedSinceItWasRead() throws Exception {
        Instant readAt = Instant.now();
        awaitLaterThan(readAt);
        Files.writeString(file, "meanwhile");
        watcher = ConfigWatcher.start(() -> files, readAt, this::onChange, "files");
        awaitRead("meanwhile");
    }

    /** The times of files have the steps of the kernel's clock. */
    private void awaitLaterThan(Instant time) throws IOException {
        Path probe = directory.resolve("clock");
        do {
            Files.writeString(probe, "tick");
        } while (!Files.getLastModifiedTime(probe).toInstant().isAfter(time));
    }

    /** While a change is told the next one comes: it is told afterwards. */
    @Test
    void shouldLoseNoChangeThatComesWhileOneIsTold() throws Exception {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(1);
        watcher = ConfigWatcher.start(
                () -> files,
                Instant.EPOCH,
                () -> {
                    onChange();
                    telling.countDown();
                    try {
                        changed.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "files");
        telling.await();
        assertEquals("first", read.take());
        Files.writeString(file, "second");
        changed.countDown();
        awaitRead("second");
    }
}
