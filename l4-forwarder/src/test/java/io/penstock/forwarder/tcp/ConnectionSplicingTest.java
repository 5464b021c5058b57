package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLPRI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through pipes: from a backend that proved bulky to the client. */
class ConnectionSplicingTest extends ConnectionScript {
    /** What is copied before the direction counts as bulky: 16, 32, 64 and 128 KiB, and a read of 256 that is drained. */
    private static final int COPIED = 495 << 10;

    private static final int MIB = 1 << 20;

    @BeforeEach
    void bulky() {
        relaying();
        backend.reading(COPIED);
        event(backend, EPOLLIN);
        assertEquals(COPIED, client.sent);
        assertEquals(0, client.spliced);
        assertEquals(0, tcp.pipes().free(), "no pipe before it is wanted");
    }

    private void arrives(long... lengths) {
        backend.reading(lengths);
        event(backend, EPOLLIN);
        while (tcp.hasQueued()) {
            tcp.runQueued(tcp.queued());
        }
    }

    private long spliced() {
        assertEquals(client.spliced, counter(TcpCounter.BYTES_SPLICED));
        return client.spliced;
    }

    @Test
    void shouldSpliceWhatABulkyDirectionBringsAndHoldNoPipeBetween() {
        arrives(3L * MIB);
        assertEquals(3L * MIB, spliced());
        assertEquals(COPIED + 3L * MIB, counter(TcpCounter.BYTES_TO_CLIENTS));
        assertEquals(0, tcp.pipes().inUse());
        assertEquals(1, tcp.pipes().free());
        arrives(MIB);
        assertEquals(1, kernel.pipesMade);
    }

    @Test
    void shouldCopyTheOtherDirection() {
        arrives(MIB);
        client.reading(100_000);
        event(client, EPOLLIN);
        assertEquals(100_000, backend.sent);
        assertEquals(0, backend.spliced);
    }

    @Test
    void shouldCopyAgainAfterFourSmallSplicesInARow() {
        arrives(1_000, 1_000, 1_000, 1_000, 1_000);
        assertEquals(4_000, spliced());
        assertEquals(COPIED + 5_000, client.sent);
        assertEquals(0, tcp.pipes().inUse());
    }

    @Test
    void shouldKeepWhatTheSinkDoesNotTakeInThePipeAndSendItFirst() {
        client.writing(100_000, -Errno.EAGAIN);
        arrives(MIB, MIB);
        assertEquals(1, tcp.pipes().inUse());
        assertEquals(100_000, spliced());
        event(client, EPOLLOUT);
        assertEquals(2L * MIB, spliced());
        assertEquals(0, tcp.pipes().inUse());
    }

    @Test
    void shouldNotReadWhileTheSinkIsFull() {
        client.writing(-Errno.EAGAIN);
        arrives(MIB);
        long received = backend.received;
        arrives(MIB);
        assertEquals(received, backend.received);
    }

    @Test
    void shouldSendTheFinOnlyWhenThePipeIsEmpty() {
        client.writing(100_000, -Errno.EAGAIN);
        backend.reading(MIB, 0);
        event(backend, FIN);
        assertFalse(client.finSent);
        client.writing(100_000, -Errno.EAGAIN);
        event(client, EPOLLOUT);
        assertFalse(client.finSent);
        event(client, EPOLLOUT);
        assertTrue(client.finSent);
        assertEquals(MIB, spliced());
    }

    @Test
    void shouldSendTheResetOnlyWhenThePipeIsEmpty() {
        client.writing(-Errno.EAGAIN);
        arrives(MIB);
        backend.reading(-Errno.ECONNRESET);
        event(backend, FAILED);
        assertFalse(client.closed);
        event(client, EPOLLOUT);
        assertTrue(client.reset && backend.closed);
        assertEquals(MIB, spliced());
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    @Test
    void shouldTellAResetFromTheEndWhenASpliceIsTheFirstToFindIt() {
        arrives(MIB, -Errno.ECONNRESET, 0); // the splice takes the error
        assertTrue(client.reset);
        assertFalse(client.finSent);
    }

    /** An error that a splice brings at urgent data leaves what came after it to be read. */
    @Test
    void shouldDeliverWhatCameBehindUrgentDataBeforeAReset() {
        backend.spliceResults.add(-Errno.ECONNRESET);
        backend.reading(3_000, 0);
        event(backend, EPOLLIN);
        assertEquals(COPIED + 3_000, client.sent);
        assertTrue(client.reset);
        assertFalse(client.finSent);
    }

    @Test
    void shouldCloseAPipeWhoseBytesCanNotBeDelivered() {
        client.writing(1_000, -Errno.EPIPE);
        arrives(MIB);
        assertEquals(0, tcp.pipes().inUse());
        assertEquals(0, tcp.pipes().free());
        backend.reading(-Errno.ECONNRESET);
        event(backend, FAILED);
        assertTrue(client.closed && backend.closed);
    }

    @Test
    void shouldCloseThePipeOfAConnectionThatIsCut() {
        client.writing(-Errno.EAGAIN);
        arrives(MIB);
        tcp.closeConnections();
        assertEquals(0, tcp.pipes().inUse());
        assertEquals(0, tcp.pipes().free());
    }

    @Test
    void shouldAskAReadWhetherNothingToSpliceIsTheEnd() {
        backend.spliceResults.add(0); // urgent data comes next
        arrives(100_000);
        assertEquals(COPIED + 100_000, client.sent);
        assertFalse(client.finSent);
        arrives(0);
        assertTrue(client.finSent);
    }

    @Test
    void shouldCopyFromASourceThatHasUrgentData() {
        event(backend, EPOLLPRI);
        arrives(MIB);
        assertEquals(0, spliced());
        assertEquals(COPIED + MIB, client.sent);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EINVAL, Errno.EPERM, Errno.ENOSYS, Errno.ENOMEM})
    void shouldCopyWhenTheKernelRefuses(int errno) {
        backend.spliceResults.add(-errno);
        arrives(MIB);
        assertEquals(0, spliced());
        assertEquals(COPIED + MIB, client.sent);
        assertEquals(0, tcp.pipes().inUse());
    }

    @Test
    void shouldCopyWhenThereIsNoPipe() {
        kernel.pipeResults.add(-Errno.EMFILE);
        arrives(MIB);
        assertEquals(0, spliced());
        assertEquals(COPIED + MIB, client.sent);
        assertEquals(1, counter(TcpCounter.PIPE_SHORTFALLS));
        at(1_000 * MS);
        arrives(MIB);
        assertEquals(MIB, spliced());
    }

    @Test
    void shouldCopyWhenTheSinkTakesLittleAtATime() {
        client.writing(10_000, -Errno.EAGAIN);
        arrives(MIB);
        client.writing(10_000, -Errno.EAGAIN);
        event(client, EPOLLOUT);
        event(client, EPOLLOUT);
        assertEquals(MIB, spliced());
        arrives(100_000);
        assertEquals(MIB, spliced());
        assertEquals(COPIED + MIB + 100_000, client.sent);
    }

    @Test
    void shouldBeginByCopyingWithEachConnection() {
        arrives(MIB);
        tcp.closeConnections();
        relaying();
        arrives(100_000);
        assertEquals(0, client.spliced);
    }

    // ---- a source that outruns its sink

    @Test
    void shouldMuteASourceWhileItsSinkIsFullAndUntilItIsDrained() {
        client.writing(-Errno.EAGAIN);
        arrives(MIB);
        assertTrue(backend.muted);
        assertFalse(client.muted);
        client.writing(MIB, -Errno.EAGAIN);
        backend.reading(MIB);
        event(client, EPOLLOUT);
        assertTrue(backend.muted, "there is more to read still");
        event(client, EPOLLOUT);
        assertFalse(backend.muted);
        assertEquals(2L * MIB, spliced());
    }

    /** Urgent data ends a read early, and a muted source does not tell of any. */
    @Test
    void shouldNotTakeAShortReadOfAMutedSourceForItsEnd() {
        tcp.closeConnections();
        relaying();
        client.writing(-Errno.EAGAIN);
        backend.reading(5_000);
        event(backend, EPOLLIN);
        backend.reading(16 << 10);
        client.writing(5_000, -Errno.EAGAIN);
        event(backend, EPOLLIN);
        event(client, EPOLLOUT);
        assertTrue(backend.muted);
        backend.reading(1_000, 2_000, 0);
        event(backend, FIN);
        event(client, EPOLLOUT);
        assertEquals(5_000 + (16 << 10) + 3_000, client.sent);
        assertTrue(client.finSent);
    }

    @Test
    void shouldNotMuteASourceThatHasNothingMore() {
        client.writing(100, -Errno.EAGAIN);
        arrives(1_000);
        client.writing(-Errno.EAGAIN);
        event(client, EPOLLOUT);
        assertEquals(0, counter(TcpCounter.STALE_EVENTS));
        tcp.closeConnections();
        relaying();
        client.writing(100);
        backend.reading(1_000); // a short read: drained
        event(backend, EPOLLIN);
        assertFalse(backend.muted);
    }
}
