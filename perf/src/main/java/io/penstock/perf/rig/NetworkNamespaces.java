package io.penstock.perf.rig;

import io.penstock.linux.Errno;
import java.io.IOException;
import java.nio.file.Path;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** The network namespaces of {@code ip netns}, and the one that a thread is in: its sockets are of that one, whenever they are used. */
public final class NetworkNamespaces {
    private static final Path NAMED = Path.of("/run/netns");
    private static final int O_RDONLY = 0;

    /** linux/sched.h. */
    private static final int CLONE_NEWNET = 0x4000_0000;

    private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    /** Of libc; see the manual pages of its functions. */
    public interface Libc {
        int open(String path, int flags);

        int setns(int fd, int type);

        int close(int fd);
    }

    private NetworkNamespaces() {}

    /**
     * The calling thread is in it from now on; no other is.
     *
     * @param name as {@code ip netns} has it
     * @throws IOException when there is none of that name, or the process may not
     */
    public static void enter(String name) throws IOException {
        int fd = LIBC.open(NAMED.resolve(name).toString(), O_RDONLY);
        if (fd < 0) {
            throw new IOException("network namespace " + name + ": " + lastError());
        }
        int entered = LIBC.setns(fd, CLONE_NEWNET);
        String error = entered < 0 ? lastError() : "";
        int unused = LIBC.close(fd);
        if (entered < 0) {
            throw new IOException("cannot enter the network namespace " + name + ": " + error);
        }
    }

    private static String lastError() {
        return Errno.describe(LastError.getLastError(Runtime.getRuntime(LIBC)));
    }
}
