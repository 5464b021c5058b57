package io.penstock.forwarder.xdp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * Says that somebody reads the traces of a plane, which cost each packet: ends with the command that traces, whatever ends that. The
 * forwarder turns off what was left turned on.
 */
public final class TraceLock implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private TraceLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** To be held while traces are turned on; empty when another command has it, or there is no place for the file. */
    public static Optional<TraceLock> hold(String plane) {
        return hold(Names.DIRECTORY, plane);
    }

    static Optional<TraceLock> hold(Path directory, String plane) {
        Path file = file(directory, plane);
        try {
            FileChannel channel = RunFiles.openLock(file);
            if (tryLock(channel, false)) {
                return Optional.of(new TraceLock(file, channel));
            }
            channel.close();
        } catch (IOException e) {
            // To trace is worth more than to be known for it.
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether a command has ended that held it, and left the file, which goes now: one that ends in order leaves none. */
    static boolean takeLeft(Path directory, String plane) {
        Path file = file(directory, plane);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        // It may be root's: to read is enough.
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            boolean left = tryLock(channel, true);
            if (left) {
                Files.deleteIfExists(file);
            }
            return left;
        } catch (IOException e) {
            // Nobody knows: somebody may be reading.
            return false;
        }
    }

    private static boolean tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Of the plane of that name. */
    public static Path file(String plane) {
        return file(Names.DIRECTORY, plane);
    }

    private static Path file(Path directory, String plane) {
        return directory.resolve("xdp-" + plane + ".trace");
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            // The lock goes with the process.
            return;
        }
    }
}
