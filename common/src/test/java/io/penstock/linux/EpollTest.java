package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(20)
@ExtendWith(OpenFds.class)
class EpollTest {
    private static final long TOKEN = 0x7fff_ffff_0000_004dL;

    private final Syscalls syscalls = new LinuxSyscalls();

    @Test
    void shouldWakeWaitingThreadAndThenWaitAgain() {
        try (Epoll epoll = new Epoll(syscalls);
                Wakeup wakeup = new Wakeup(syscalls, epoll, TOKEN)) {
            assertEquals(0, epoll.await(0));
            CompletableFuture<Void> signalled = CompletableFuture.runAsync(() -> {
                wakeup.signal();
                wakeup.signal();
            });
            assertEquals(1, epoll.await(-1));
            assertEquals(TOKEN, epoll.token(0));
            assertEquals(EPOLLIN, epoll.events(0));
            signalled.join();
            wakeup.drain();
            assertEquals(0, epoll.await(0), "two signals, one drain");
            wakeup.drain(); // with nothing to take
            wakeup.signal();
            assertEquals(1, epoll.await(-1));
        }
    }

    /** Rounded up: a wait for a deadline that ended just before it would spin. */
    @Test
    void shouldNotEndWaitBeforeItsTime() {
        try (Epoll epoll = new Epoll(syscalls)) {
            for (long timeoutNs : new long[] {1, 999_999, 1_000_001, 2_500_000}) {
                long startNs = System.nanoTime();
                assertEquals(0, epoll.await(timeoutNs));
                assertTrue(System.nanoTime() - startNs >= timeoutNs);
            }
        }
    }

    @Test
    void shouldReturnErrnoWhenFdCannotBeAdded() {
        try (Epoll epoll = new Epoll(syscalls)) {
            assertEquals(-Errno.EBADF, epoll.add(1_000_000, EPOLLIN, TOKEN));
            assertEquals(-Errno.EBADF, epoll.remove(1_000_000));
        }
    }

    @Test
    void shouldDieLoudlyWhenEpollIsClosed() {
        Epoll epoll = new Epoll(syscalls);
        epoll.close();
        assertThrows(IllegalStateException.class, () -> epoll.await(0));
    }
}
