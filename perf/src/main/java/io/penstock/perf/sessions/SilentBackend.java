package io.penstock.perf.sessions;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;

/** A backend that somebody has, and that never answers. */
final class SilentBackend implements AutoCloseable {
    private final Syscalls syscalls;
    private final int port;
    private final int fd;

    /** Bound at once to 127.0.0.1; fails with the kernel's word. */
    SilentBackend(Syscalls syscalls, int port) {
        this.syscalls = syscalls;
        this.port = port;
        Endpoint endpoint = new Endpoint(IpAddress.ofIpv4(0x7f000001), port);
        fd = new DatagramSockets(syscalls).bind(endpoint, false, BindOptions.NONE);
        if (fd < 0) {
            throw new IllegalStateException("a backend: " + Errno.describe(-fd));
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
