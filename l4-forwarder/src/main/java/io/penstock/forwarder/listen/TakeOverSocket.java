package io.penstock.forwarder.listen;

import static io.penstock.linux.SocketConstants.SHUT_RDWR;

import io.penstock.linux.Errno;
import io.penstock.linux.PacketSockets;
import io.penstock.linux.PacketSockets.Credentials;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The named socket at which a newer process asks; only its user and root can connect. Owns the file while it listens. */
final class TakeOverSocket {
    /** Newer processes come one at a time. */
    private static final int BACKLOG = 8;

    private final Syscalls syscalls;
    private final PacketSockets sockets;
    private final Path path;
    private final int fd;

    private TakeOverSocket(Syscalls syscalls, PacketSockets sockets, Path path, int fd) {
        this.syscalls = syscalls;
        this.sockets = sockets;
        this.path = path;
        this.fd = fd;
    }

    /** Takes the place of a file that a process left which ended without removing it. */
    static TakeOverSocket listen(Syscalls syscalls, Path path) throws TakeOverException {
        checkDirectory(path);
        PacketSockets sockets = new PacketSockets(syscalls);
        int fd = sockets.bind(path);
        if (fd == -Errno.EADDRINUSE) {
            removeStale(syscalls, sockets, path);
            fd = sockets.bind(path);
        }
        if (fd < 0) {
            throw new TakeOverException("cannot listen on " + path + ": " + Errno.describe(-fd));
        }
        try {
            // Between bind and listen nobody can connect.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            syscalls.close(fd);
            throw new TakeOverException("cannot listen on " + path + ": " + e.getMessage());
        }
        int result = sockets.listen(fd, BACKLOG);
        if (result < 0) {
            syscalls.close(fd);
            throw new TakeOverException("cannot listen on " + path + ": " + Errno.describe(-result));
        }
        return new TakeOverSocket(syscalls, sockets, path, fd);
    }

    /** So that a start, or a hand-over, fails before it has begun. */
    static void checkDirectory(Path path) throws TakeOverException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new TakeOverException("take-over.socket: there is no directory " + directory);
        }
        if (!Files.isWritable(directory)) {
            throw new TakeOverException("take-over.socket: cannot write to the directory " + directory);
        }
    }

    private static void removeStale(Syscalls syscalls, PacketSockets sockets, Path path) throws TakeOverException {
        int peer = sockets.connect(path);
        if (peer >= 0) {
            syscalls.close(peer);
            throw new TakeOverException(
                    "another process listens on " + path + "; to take over from it, use --take-over");
        }
        try {
            // No file, no directory, no link: a socket, then; connect(2) refuses files too.
            if (peer != -Errno.ECONNREFUSED
                    || !Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .isOther()) {
                throw new TakeOverException("cannot listen on " + path + ": there is something else");
            }
            Files.delete(path);
        } catch (IOException e) {
            throw new TakeOverException("cannot replace " + path + ": " + e.getMessage());
        }
    }

    /** The next connection, {@code -errno}, or after {@link #wake} EINVAL. */
    int accept() {
        return sockets.accept(fd);
    }

    /** Whether the one at the other end may have the sockets. */
    boolean trusts(Credentials peer) {
        Credentials own = sockets.credentials(fd);
        return peer != null && own != null && (peer.uid() == 0 || peer.uid() == own.uid());
    }

    /** Ends an {@link #accept} that another thread is in, and all later ones. */
    void wake() {
        syscalls.shutdown(fd, SHUT_RDWR);
    }

    /** Removes the file too. */
    void close() throws IOException {
        syscalls.close(fd);
        Files.deleteIfExists(path);
    }
}
