package io.penstock.admin;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The file by which clients find a UNIX socket: for its user and group only, and never taken from one that listens. */
final class UnixSocketFile {
    private static final String MODE = "rw-rw----";

    private final Path path;

    UnixSocketFile(Path path) {
        this.path = path;
    }

    interface Binder {
        Channel bind(DomainSocketAddress address) throws IOException;
    }

    /**
     * Binds beside the path, sets the mode, and only then moves the file to its place: nobody finds it with a wider mode,
     * and a file that a killed process left is replaced in one step.
     */
    Channel publish(Binder binder) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            requireStale();
        }
        Path temporary = path.resolveSibling("." + ProcessHandle.current().pid());
        Files.deleteIfExists(temporary);
        Channel channel = binder.bind(new DomainSocketAddress(temporary.toString()));
        try {
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(MODE));
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            channel.attr(OpenedFile.KEY).set(OpenedFile.of(path));
            return channel;
        } catch (IOException e) {
            channel.close().awaitUninterruptibly();
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    private void requireStale() throws IOException {
        Object type = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if (((int) type & 0170000) != 0140000) {
            throw new IOException("there is a file that is no socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobodyListens) {
            return;
        }
        throw new IOException("another process listens there");
    }

    /** A later process may have put its own socket there already. */
    void removeIfNobodyElses(Channel channel) {
        try {
            if (OpenedFile.of(path).equals(channel.attr(OpenedFile.KEY).get())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // It is gone, or not ours to remove: a socket file that nobody listens on is replaced by the next start.
        }
    }
}
