package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_DGRAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import jnr.ffi.LibraryLoader;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.function.Executable;

/**
 * Runs a test in a network namespace of its own, where there is loopback only and no port is taken: on a thread of its own,
 * because unshare(2) is for one thread, and the namespace goes with it. Skips the test where that takes more rights.
 */
public final class NewNetwork {
    private static final int CLONE_NEWNET = 0x40000000;

    /** From linux/sockios.h and net/if.h: a struct ifreq has a name of 16 octets, then what is set. */
    private static final long SIOCSIFFLAGS = 0x8914;

    private static final long SIOCSIFMTU = 0x8922;
    private static final int LOOPBACK_MTU = 65_536;
    private static final short IFF_UP = 1;
    private static final int IFREQ_VALUE = 16;
    private static final int IFREQ_SIZE = 40;

    /** Public only because jnr-ffi implements it from another package. */
    public interface Namespaces {
        int unshare(int flags);
    }

    private NewNetwork() {}

    public static void run(Executable test) throws Throwable {
        run(LOOPBACK_MTU, test);
    }

    /** @param mtu of loopback */
    static void run(int mtu, Executable test) throws Throwable {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                enter(mtu);
                test.execute();
            } catch (Throwable t) {
                failure.set(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        thread.join();
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static void enter(int mtu) {
        Namespaces libc = LibraryLoader.create(Namespaces.class).load("c");
        assumeTrue(libc.unshare(CLONE_NEWNET) == 0, "skipped: needs CAP_SYS_ADMIN");
        Syscalls syscalls = new LinuxSyscalls();
        int fd = syscalls.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assertTrue(fd >= 0);
        UnsafeBuffer request = new UnsafeBuffer(BufferUtil.allocateDirectAligned(IFREQ_SIZE, Long.BYTES));
        request.putStringWithoutLengthAscii(0, "lo");
        request.putInt(IFREQ_VALUE, mtu, ByteOrder.nativeOrder());
        assertEquals(0, syscalls.ioctl(fd, SIOCSIFMTU, request.addressOffset()));
        request.putShort(IFREQ_VALUE, IFF_UP, ByteOrder.nativeOrder());
        assertEquals(0, syscalls.ioctl(fd, SIOCSIFFLAGS, request.addressOffset()));
        assertEquals(0, syscalls.close(fd));
    }
}
