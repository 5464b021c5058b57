package io.penstock.forwarder.flowlog;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;

import io.penstock.forwarder.config.FlowLogConfig.ToFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that lines are appended to. One that has become too large is renamed, {@code flows.log} to {@code flows.log.1} and
 * that to {@code flows.log.2}, and a new one begins; so it does when somebody else has renamed or removed it. Two processes
 * may write the same one for the time of a hand-over: each whole write is appended. NOT thread safe.
 */
final class FileSink implements FlowSink {
    private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);

    /** Says who was connected to what: not for everybody. */
    private static final FileAttribute<?> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    /** How often it looks whether the path still leads to its file, and whether what failed goes now. */
    private static final long LOOK_NS = 1_000_000_000;

    private final ToFile target;
    private final LongSupplier clock;
    private FileChannel channel;
    private Object fileKey;
    private long nextLookNs;
    private boolean rotationFailed;

    /** @param clock as System.nanoTime */
    FileSink(ToFile target, LongSupplier clock) {
        this.target = target;
        this.clock = clock;
    }

    @Override
    public long write(ByteBuffer lines) throws IOException {
        boolean look = clock.getAsLong() - nextLookNs >= 0;
        if (channel != null && look) {
            nextLookNs = clock.getAsLong() + LOOK_NS;
            if (!isAtPath()) {
                close();
            }
        }
        if (channel != null && isTooLarge(lines) && (look || !rotationFailed)) {
            rotate();
        }
        if (channel == null) {
            toLineStart(lines);
            open();
        }
        while (lines.hasRemaining()) {
            channel.write(lines);
        }
        return DONE;
    }

    /** A line goes whole into one file, also when half of it is in the one before, whose disk was full. */
    private static void toLineStart(ByteBuffer lines) {
        int at = lines.position();
        while (at > 0 && lines.get(at - 1) != '\n') {
            at--;
        }
        lines.position(at);
    }

    private void open() throws IOException {
        FileChannel opened = FileChannel.open(target.path(), Set.of(CREATE, APPEND), MODE);
        try {
            endLine(opened);
            fileKey = key(target.path());
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        nextLookNs = clock.getAsLong() + LOOK_NS;
    }

    /**
     * Ends a line that was broken off, by a crash or a full disk. Looks twice: one that another process is about to write
     * grows meanwhile.
     */
    private void endLine(FileChannel opened) throws IOException {
        long size = opened.size();
        if (size == 0) {
            return;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel reading = FileChannel.open(target.path(), READ)) {
            if (reading.read(last, size - 1) < 1) {
                return;
            }
        }
        if (last.get(0) != '\n' && opened.size() == size) {
            opened.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
    }

    private boolean isAtPath() throws IOException {
        try {
            return key(target.path()).equals(fileKey);
        } catch (NoSuchFileException moved) {
            return false;
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private boolean isTooLarge(ByteBuffer lines) throws IOException {
        long size = channel.size();
        return size > 0 && size + lines.remaining() > target.maxBytes();
    }

    /**
     * Leaves the file as it is when it cannot be renamed: lines are worth more than its size. Of two processes that write it
     * one renames at a time: each moves whatever has a number then, and would move over what the other has just moved. It
     * has the lock of the file that it renames, which comes last; so nobody has a new one to lock before all are in place.
     */
    private void rotate() throws IOException {
        try (FileLock lock = channel.tryLock()) {
            if (lock == null) {
                // The other is at it: the next lines find a new file.
                return;
            }
            // The other may just have done this.
            if (isAtPath()) {
                renameAll();
            }
            rotationFailed = false;
        } catch (IOException e) {
            if (!rotationFailed) {
                LOG.warn(
                        "event=flow-log-not-rotated file={} cause=\"{}\" effect=\"it grows\"",
                        target.path(),
                        e.toString());
            }
            rotationFailed = true;
            return;
        }
        close();
    }

    private void renameAll() throws IOException {
        for (int number = target.keep() - 1; number >= 1; number--) {
            if (Files.exists(earlier(number))) {
                Files.move(earlier(number), earlier(number + 1), REPLACE_EXISTING);
            }
        }
        Files.move(target.path(), earlier(1), REPLACE_EXISTING);
    }

    private Path earlier(int number) {
        return target.path().resolveSibling(target.path().getFileName() + "." + number);
    }

    @Override
    public void reopen() {
        try {
            close();
        } catch (IOException e) {
            LOG.warn("event=flow-log-not-closed file={} cause=\"{}\"", target.path(), e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel closing = channel;
        channel = null;
        if (closing != null) {
            closing.close();
        }
    }
}
