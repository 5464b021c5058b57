package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@ExtendWith(OpenFds.class)
class EpollTest {
    private static final long TOKEN = 0x7fff_ffff_0000_004dL;

    private final Syscalls syscalls = new LinuxSyscalls();

    private Epoll open(boolean precise) {
        return precise ? Epoll.precise(syscalls) : new Epoll(syscalls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeWaitingThreadAndThenWaitAgain(boolean precise) {
        try (Epoll epoll = open(precise);
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

    /** A wait for a deadline that ended just before it would spin. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotEndWaitBeforeItsTime(boolean precise) {
        try (Epoll epoll = open(precise)) {
            for (long timeoutNs : new long[] {1, 999_999, 1_000_001, 2_500_000}) {
                long startNs = System.nanoTime();
                assertEquals(0, epoll.await(timeoutNs));
                assertTrue(System.nanoTime() - startNs >= timeoutNs);
            }
        }
    }

    /** The timer goes off after the wait that it was set for: neither a look nor a wait for ever may see it. */
    @Test
    void shouldNotBeWokenByTimerOfFormerWait() {
        try (Epoll epoll = Epoll.precise(syscalls);
                Wakeup wakeup = new Wakeup(syscalls, epoll, TOKEN)) {
            for (long timeoutNs : new long[] {0, -1}) {
                wakeup.signal();
                assertEquals(1, epoll.await(1_000_000));
                wakeup.drain();
                LockSupport.parkNanos(5_000_000);
                CompletableFuture<Void> signalled = timeoutNs == 0
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.runAsync(wakeup::signal);
                assertEquals(timeoutNs == 0 ? 0 : 1, epoll.await(timeoutNs));
                signalled.join();
                wakeup.drain();
            }
        }
    }

    /** Both are ready in the same moment, whichever comes first in the kernel's list. */
    @Test
    void shouldTellOfOthersThatAreReadyWithTimer() {
        try (Epoll epoll = Epoll.precise(syscalls);
                Wakeup first = new Wakeup(syscalls, epoll, TOKEN);
                Wakeup second = new Wakeup(syscalls, epoll, TOKEN - 1)) {
            for (int i = 0; i < 200; i++) {
                first.signal();
                second.signal();
                assertEquals(2, epoll.await(1));
                assertEquals(Set.of(TOKEN, TOKEN - 1), Set.of(epoll.token(0), epoll.token(1)));
                first.drain();
                second.drain();
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
