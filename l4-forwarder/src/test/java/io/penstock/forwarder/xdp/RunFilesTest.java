package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a directory of somebody who would like to have root write to another file. */
@Timeout(30)
class RunFilesTest {
    private static final String PRECIOUS = "root:x:0:0";

    @TempDir
    private Path directory;

    private Path victim;
    private Path file;
    private Path next;

    @BeforeEach
    void lay() throws IOException {
        victim = Files.writeString(directory.resolve("passwd"), PRECIOUS);
        file = directory.resolve("xdp-default.json");
        next = directory.resolve("xdp-default.json.next");
    }

    @Test
    void shouldWriteThroughNoLink() throws Exception {
        Files.createSymbolicLink(next, victim);
        Files.createSymbolicLink(file, victim);

        RunFiles.replace(file, "new");

        assertEquals(PRECIOUS, Files.readString(victim));
        assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
        assertEquals("new", Files.readString(file));
        assertFalse(Files.exists(next, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void shouldWriteWhereAProcessEndedInTheMidstOfIt() throws Exception {
        Files.writeString(next, "hal");
        Files.writeString(file, "old");

        RunFiles.replace(file, "new");

        assertEquals("new", Files.readString(file));
    }

    @Test
    void shouldLeaveNothingWhenItFails() throws Exception {
        Files.createDirectory(file);
        Files.createFile(file.resolve("in the way"));

        assertThrows(IOException.class, () -> RunFiles.replace(file, "new"));

        assertFalse(Files.exists(next));
    }

    @Test
    void shouldReadThroughNoLink() throws Exception {
        Files.createSymbolicLink(file, victim);

        IOException refused = assertThrows(IOException.class, () -> RunFiles.read(file));

        assertEquals("it is a symbolic link, which somebody has put there: remove it", RunFiles.why(refused));
        assertThrows(NoSuchFileException.class, () -> RunFiles.read(next));
    }

    @Test
    void shouldLockNoOtherFile() throws Exception {
        Path lock = directory.resolve("xdp-default.lock");
        Files.createSymbolicLink(lock, victim);
        assertThrows(IOException.class, () -> RunFiles.openLock(lock));
        Files.delete(lock);
        Files.createSymbolicLink(lock, directory.resolve("nothing there"));
        assertThrows(IOException.class, () -> RunFiles.openLock(lock));
        assertThrows(IOException.class, () -> RunFiles.openLockThatIsThere(lock));
        Files.delete(lock);
        assertThrows(NoSuchFileException.class, () -> RunFiles.openLockThatIsThere(lock));

        try (FileChannel channel = RunFiles.openLock(lock)) {
            assertTrue(channel.tryLock().isValid());
        }
        assertTrue(Files.isRegularFile(lock));
    }

    /** To open one waits for who reads it. */
    @Test
    void shouldNotWaitForAPipe() throws Exception {
        Process made = new ProcessBuilder("mkfifo", file.toString()).start();
        assertTrue(made.waitFor(10, TimeUnit.SECONDS));

        IOException refused = assertThrows(IOException.class, () -> RunFiles.openLock(file));

        assertEquals("it is no regular file, which somebody has put there: remove it", RunFiles.why(refused));
        assertThrows(IOException.class, () -> RunFiles.read(file));
    }

    @Test
    void shouldSayWhy() {
        assertEquals("permission denied", RunFiles.why(new AccessDeniedException("/run/penstock/x")));
        assertEquals("No space left on device", RunFiles.why(new IOException("No space left on device")));
    }
}
