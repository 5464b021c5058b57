package io.penstock.forwarder.listen;

import io.penstock.forwarder.control.Listeners.ListenException;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.linux.UnixSockets;
import io.penstock.net.UnixAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens UNIX sockets that listen, and owns their files: each is for its user and group only, takes the place of one that
 * nobody listens on, and is removed in the end unless somebody has put another there. NOT thread safe.
 */
final class UnixListeners {
    private static final String MODE = "rw-rw----";

    private final Syscalls syscalls;
    private final UnixSockets sockets;
    /** What tells a file from another of the same path. */
    private final Map<UnixAddress, Object> files = new HashMap<>();

    UnixListeners(Syscalls syscalls) {
        this.syscalls = syscalls;
        sockets = new UnixSockets(syscalls);
    }

    /** Nobody listens there, and a socket could be. */
    void checkFree(UnixAddress address) throws ListenException {
        if (!address.isAbstract()) {
            checkDirectory(address);
        }
        int peer = sockets.connect(address);
        if (peer >= 0) {
            syscalls.close(peer);
            throw refused(address, "another process listens there");
        }
        if (peer == -Errno.EAGAIN || peer == -Errno.EPROTOTYPE) {
            throw refused(address, "another process listens there");
        }
        boolean free = peer == -Errno.ECONNREFUSED || peer == -Errno.ENOENT;
        if (!free) {
            throw refused(address, Errno.describe(-peer));
        }
        // connect(2) is refused by files of every kind.
        if (peer == -Errno.ECONNREFUSED && !address.isAbstract() && !isSocket(address.path())) {
            throw refused(address, "there is a file that is no socket");
        }
    }

    private static void checkDirectory(UnixAddress address) throws ListenException {
        Path directory = address.path().getParent();
        if (!Files.isDirectory(directory)) {
            throw refused(address, "there is no directory " + directory);
        }
    }

    private static boolean isSocket(Path path) {
        try {
            int type = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000;
            return type == 0140000;
        } catch (IOException e) {
            return false;
        }
    }

    /** A socket that listens. */
    int open(UnixAddress address, int backlog) throws ListenException {
        checkFree(address);
        if (!address.isAbstract()) {
            removeStale(address);
        }
        int fd = sockets.bind(address);
        if (fd < 0) {
            throw refused(address, Errno.describe(-fd));
        }
        try {
            if (!address.isAbstract()) {
                own(address);
                // Between bind and listen nobody can connect.
                Files.setPosixFilePermissions(address.path(), PosixFilePermissions.fromString(MODE));
            }
            int result = syscalls.listen(fd, backlog);
            if (result < 0) {
                throw refused(address, Errno.describe(-result));
            }
            return fd;
        } catch (IOException e) {
            abandon(address, fd);
            throw refused(address, "cannot set the mode of its file: " + e.getMessage());
        } catch (ListenException e) {
            abandon(address, fd);
            throw e;
        }
    }

    private void abandon(UnixAddress address, int fd) {
        syscalls.close(fd);
        remove(address);
    }

    private static void removeStale(UnixAddress address) throws ListenException {
        try {
            Files.deleteIfExists(address.path());
        } catch (IOException e) {
            throw refused(address, "cannot replace the file that another process left: " + e.getMessage());
        }
    }

    /** The file that is there is this process's to remove. */
    void own(UnixAddress address) {
        Object key = address.isAbstract() ? null : fileKey(address.path());
        if (key != null) {
            files.put(address, key);
        }
    }

    /** Of a file that is owned; others stay. */
    void remove(UnixAddress address) {
        Object key = files.remove(address);
        try {
            if (key != null && key.equals(fileKey(address.path()))) {
                Files.deleteIfExists(address.path());
            }
        } catch (IOException e) {
            // It is gone, or in a directory that has changed its mode: the next start replaces what nobody listens on.
        }
    }

    /** Every file that is owned. */
    void removeAll() {
        Map.copyOf(files).keySet().forEach(this::remove);
    }

    /** Another process listens on them now. */
    void disown() {
        files.clear();
    }

    /** Null when there is none. */
    private static Object fileKey(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    private static ListenException refused(UnixAddress address, String why) {
        return new ListenException("cannot listen on " + address + ": " + why);
    }
}
