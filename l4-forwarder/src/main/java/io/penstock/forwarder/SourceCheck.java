package io.penstock.forwarder;

import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.SourceConfig;
import io.penstock.linux.Errno;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import java.util.Collection;
import java.util.Optional;

/** Finds out before clients do that this process may not, or cannot, connect as its pools want. */
public final class SourceCheck {
    private SourceCheck() {}

    /** Of the first pool with one, why no backend can be connected to: {@code pool web: source.transparent ...}. */
    public static Optional<String> problem(Syscalls syscalls, Collection<PoolConfig> pools) {
        Sockets sockets = new Sockets(syscalls);
        return pools.stream()
                .flatMap(pool -> problem(syscalls, sockets, pool.outgoing().source()).stream()
                        .map(problem -> "pool " + pool.name() + ": source." + problem))
                .findFirst();
    }

    private static Optional<String> problem(Syscalls syscalls, Sockets sockets, SourceConfig source) {
        if (source.interfaceName().isEmpty() && !source.transparent()) {
            return Optional.empty();
        }
        int fd = sockets.stream(true, false);
        if (fd < 0) {
            return Optional.empty();
        }
        int device = source.interfaceName()
                .map(name -> sockets.bindToDevice(fd, name))
                .orElse(0);
        int transparent = source.transparent() ? sockets.transparent(fd, true) : 0;
        syscalls.close(fd);
        if (device < 0) {
            return Optional.of("interface: " + Errno.describe(-device)
                    + (device == -Errno.EPERM ? "; before Linux 5.7 it needs root or CAP_NET_RAW" : ""));
        }
        return transparent < 0
                ? Optional.of(
                        "transparent: " + Errno.describe(-transparent) + "; needs root, CAP_NET_ADMIN or CAP_NET_RAW")
                : Optional.empty();
    }
}
