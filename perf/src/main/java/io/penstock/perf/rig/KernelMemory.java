package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of the kernel, of which the difference between two moments is somebody's when nobody else does anything. */
public final class KernelMemory {
    private static final long KIB = 1024;

    private KernelMemory() {}

    /** Its objects: sockets, files, what epoll knows of them; octets that wait in sockets as well. */
    public static long slabBytes() throws IOException {
        return KIB * ProcFields.value(Files.readString(Path.of("/proc/meminfo")), "Slab:");
    }
}
