package io.penstock.forwarder.xdp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Opens and writes files of a directory that may be another user's, who may have put there a link to a file that is not his, or a pipe
 * that nobody reads: neither is followed or waited for.
 */
public final class RunFiles {
    private RunFiles() {}

    /** For locking; made if it is not there, and never emptied. */
    static FileChannel openLock(Path file) throws IOException {
        requireFile(file);
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * The same of one that is there.
     *
     * @throws NoSuchFileException when it is not
     */
    static FileChannel openLockThatIsThere(Path file) throws IOException {
        requireFile(file);
        return FileChannel.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * All that is in it.
     *
     * @throws NoSuchFileException when it is not there
     */
    public static String read(Path file) throws IOException {
        requireFile(file);
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Whoever reads it meanwhile sees what was there before; when this fails, that is there still. */
    static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        // What a process left that ended in the midst of it, or a link, which goes itself.
        Files.deleteIfExists(next);
        try {
            Files.writeString(next, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(next);
            throw e;
        }
    }

    private static void requireFile(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            String what = Files.isSymbolicLink(file) ? "it is a symbolic link" : "it is no regular file";
            throw new FileSystemException(file.toString(), null, what + ", which somebody has put there: remove it");
        }
    }

    /** Why, without the name of the file, which whoever tells of it says. */
    static String why(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException named && named.getReason() != null
                ? named.getReason()
                : String.valueOf(e.getMessage());
    }
}
