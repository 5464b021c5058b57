package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.FlowLogConfig.ToFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of lines, and those that it was before. */
class FileSinkTest {
    private static final long SECOND_NS = 1_000_000_000;

    @TempDir
    Path directory;

    private Path path;
    private FileSink sink;
    private long nowNs;

    @BeforeEach
    void make() {
        path = directory.resolve("flows.log");
        sink = sink(path, 20);
    }

    @AfterEach
    void close() throws IOException {
        sink.close();
    }

    private FileSink sink(Path file, long maxBytes) {
        return new FileSink(new ToFile(file, maxBytes, 2), () -> nowNs);
    }

    @Test
    void shouldAppendAndLetNobodyElseRead() throws IOException {
        write("one\n");
        write("two\n");
        assertEquals("one\ntwo\n", Files.readString(path));
        assertFalse(Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ));
    }

    @Test
    void shouldKeepSoManyOfThoseBefore() throws IOException {
        for (String line : new String[] {"a", "b", "c", "d"}) {
            write(line.repeat(15) + "\n");
        }
        assertEquals("d".repeat(15) + "\n", Files.readString(path));
        assertEquals("c".repeat(15) + "\n", Files.readString(directory.resolve("flows.log.1")));
        assertEquals("b".repeat(15) + "\n", Files.readString(directory.resolve("flows.log.2")));
        assertFalse(Files.exists(directory.resolve("flows.log.3")));
    }

    @Test
    void shouldBeginAnewWhenTheFileWasMovedAway() throws IOException {
        write("one\n");
        Files.move(path, directory.resolve("moved"));
        write("two\n");
        assertEquals("one\ntwo\n", Files.readString(directory.resolve("moved")), "nobody has looked yet");
        nowNs += SECOND_NS;
        write("three\n");
        assertEquals("three\n", Files.readString(path));
    }

    @Test
    void shouldBeginAnewAtOnceWhenToldTo() throws IOException {
        write("one\n");
        Files.move(path, directory.resolve("moved"));
        sink.reopen();
        write("two\n");
        assertEquals("one\n", Files.readString(directory.resolve("moved")));
        assertEquals("two\n", Files.readString(path));
    }

    /** Two processes write it for the time of a hand-over. */
    @Test
    void shouldNotRotateWhatAnotherHasJustRotated() throws IOException {
        try (FileSink other = sink(path, 20)) {
            write("a".repeat(15) + "\n");
            other.write(ByteBuffer.allocate(0));
            write("b\n".repeat(4));
            other.write(lines("c\n".repeat(4)));
        }
        assertEquals("b\n".repeat(4) + "c\n".repeat(4), Files.readString(path));
        assertEquals("a".repeat(15) + "\n", Files.readString(directory.resolve("flows.log.1")));
        assertFalse(Files.exists(directory.resolve("flows.log.2")));
    }

    @Test
    void shouldEndALineThatWasBrokenOff() throws IOException {
        Files.writeString(path, "half");
        write("one\n");
        assertEquals("half\none\n", Files.readString(path));
    }

    /** What is half in a file that was moved away goes whole into the next. */
    @Test
    void shouldWriteALineWholeIntoTheNextFile() throws IOException {
        ByteBuffer lines = lines("one\ntwo\n");
        lines.position(6);
        sink.write(lines);
        assertEquals("two\n", Files.readString(path));
    }

    @Test
    void shouldLoseNothingWhenTheDiskIsFull() throws IOException {
        try (FileSink full = sink(Path.of("/dev/full"), 1 << 20)) {
            ByteBuffer lines = lines("one\n");
            IOException refused = assertThrows(IOException.class, () -> full.write(lines));
            assertTrue(refused.getMessage().contains("No space left"), refused.toString());
            assertEquals(4, lines.remaining());
        }
    }

    @Test
    void shouldTryAgainWhenTheDirectoryIsThere() throws IOException {
        Path later = directory.resolve("later");
        try (FileSink hopeful = sink(later.resolve("flows.log"), 1 << 20)) {
            ByteBuffer lines = lines("one\n");
            assertThrows(IOException.class, () -> hopeful.write(lines));
            Files.createDirectory(later);
            assertEquals(FlowSink.DONE, hopeful.write(lines));
            assertEquals("one\n", Files.readString(later.resolve("flows.log")));
        }
    }

    private void write(String text) throws IOException {
        assertEquals(FlowSink.DONE, sink.write(lines(text)));
    }

    private static ByteBuffer lines(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
