package io.penstock.forwarder.bpf;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;

/** Closes what libbpf has opened for us. */
final class Descriptors {
    private static final Syscalls SYSCALLS = new LinuxSyscalls();

    private Descriptors() {}

    static void close(int fd) {
        int unused = SYSCALLS.close(fd);
    }
}
