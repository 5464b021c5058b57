package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLPRI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How ends and failures of either side reach the other, with what was sent before them. */
class ConnectionEndingTest extends ConnectionScript {
    // ---- the end of a stream

    @Test
    void shouldPassOnFinFromClientAndKeepOtherDirection() {
        relaying();
        client.reading(3, 0);
        event(client, FIN);
        assertTrue(backend.finSent);
        assertFalse(client.finSent);
        backend.reading(8);
        event(backend, EPOLLIN);
        assertEquals(8, client.sent);
        backend.reading(0);
        event(backend, FIN);
        assertTrue(client.closed && !client.reset && backend.closed && !backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_COMPLETED));
    }

    @Test
    void shouldPassOnFinFromBackendAndKeepOtherDirection() {
        relaying();
        backend.reading(3, 0);
        event(backend, FIN);
        assertTrue(client.finSent);
        client.reading(8);
        event(client, EPOLLIN);
        assertEquals(8, backend.sent);
        client.reading(0);
        event(client, FIN);
        assertFalse(client.reset || backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_COMPLETED));
    }

    @Test
    void shouldSendLastSegmentWithFinWhenShortReadReachedTheEnd() {
        relaying();
        client.reading(3, 0);
        event(client, FIN);
        assertTrue(backend.lastSendMore);
        assertEquals(1, client.reads.size(), "the end itself needs no read");
    }

    @Test
    void shouldNotTakeShortReadForTheEndWhenDataIsUrgent() {
        relaying();
        client.reading(3, 4, 0);
        event(client, FIN | EPOLLPRI);
        assertEquals(7, backend.sent);
        assertTrue(backend.finSent);
    }

    @Test
    void shouldFlushRestBeforeFin() {
        relaying();
        backend.writing(1, -Errno.EAGAIN);
        client.reading(3, 0);
        event(client, FIN);
        assertFalse(backend.finSent);
        assertTrue(tcp.remainders().inUse() > 0);
        event(backend, EPOLLOUT);
        assertFalse(backend.finSent, "still full");
        event(backend, EPOLLOUT);
        assertEquals(3, backend.sent);
        assertTrue(backend.finSent);
        assertEquals(0, tcp.remainders().inUse());
    }

    @Test
    void shouldFlushRestInPieces() {
        relaying();
        backend.writing(-Errno.EAGAIN, 10, 20);
        client.reading(100);
        event(client, EPOLLIN);
        event(backend, EPOLLOUT);
        event(backend, EPOLLOUT);
        assertEquals(30, backend.sent);
        event(backend, EPOLLOUT);
        assertEquals(100, backend.sent);
    }

    @Test
    void shouldStopReadingWhileSinkIsFull() {
        relaying();
        backend.writing(-Errno.EAGAIN);
        client.reading(100, 100);
        event(client, EPOLLIN);
        event(client, EPOLLIN);
        assertEquals(100, client.received);
        event(backend, EPOLLOUT);
        assertEquals(200, backend.sent, "the edge that came meanwhile was remembered");
    }

    @Test
    void shouldResetWhenFinCannotBeSent() {
        relaying();
        kernel.shutdownResult = -Errno.ENOTCONN;
        client.reading(0);
        event(client, FIN);
        backend.reading(-Errno.ECONNRESET);
        event(backend, FAILED);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    // ---- resets

    @Test
    void shouldResetBackendWhenClientResets() {
        relaying();
        client.reading(4, -Errno.ECONNRESET);
        event(client, FAILED);
        assertEquals(4, backend.sent, "what came before the reset is delivered");
        assertTrue(backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_RESET));
    }

    @Test
    void shouldResetClientWhenBackendResets() {
        relaying();
        backend.reading(4, -Errno.ECONNRESET);
        event(backend, FAILED);
        assertEquals(4, client.sent);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ETIMEDOUT, Errno.EHOSTUNREACH, Errno.ENETUNREACH})
    void shouldSayThatClientTimedOutWhenItIsOutOfReach(int error) {
        relaying();
        client.error = error;
        event(client.reading(0), FAILED);
        assertTrue(backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_TIMED_OUT));
        // Nothing of that is left for the next connection of the slot.
        relaying();
        client.error = Errno.ECONNRESET;
        event(client.reading(0), FAILED);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_TIMED_OUT));
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_RESET));
    }

    @Test
    void shouldSayThatBackendTimedOutAndStillDeliverWhatItHadSent() {
        relaying();
        client.writing(40).unacknowledged = 60;
        backend.error = Errno.ETIMEDOUT;
        event(backend.reading(100, 0), FAILED);
        event(backend, FAILED);
        assertFalse(client.closed);
        client.unacknowledged = 0;
        event(client, EPOLLOUT);
        assertEquals(100, client.sent);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_TIMED_OUT));
    }

    /** When a failed send took the error, reads end with 0: no clean end all the same. */
    @Test
    void shouldResetWhenReadsOfFailedSocketEndWithZero() {
        relaying();
        client.reading(4, 0);
        event(client, FAILED);
        assertFalse(backend.finSent);
        assertTrue(backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_RESET));
    }

    @Test
    void shouldFlushRestBeforeResetOfBackend() {
        relaying();
        backend.writing(1);
        client.reading(4, -Errno.ECONNRESET);
        event(client, FAILED);
        assertFalse(backend.closed);
        event(backend, EPOLLOUT);
        assertEquals(4, backend.sent);
        assertTrue(backend.reset);
    }

    @Test
    void shouldFlushRestBeforeResetOfClient() {
        relaying();
        client.writing(1);
        backend.reading(4, -Errno.ECONNRESET);
        event(backend, FAILED);
        assertFalse(client.closed);
        event(client, EPOLLOUT);
        assertEquals(4, client.sent);
        assertTrue(client.reset);
    }

    @Test
    void shouldWaitUntilSurvivorAcknowledgedBeforeReset() {
        relaying();
        backend.unacknowledged = 4;
        client.reading(4, -Errno.ECONNRESET);
        event(client, FAILED);
        assertTrue(client.closed);
        assertFalse(backend.closed);
        at(10 * MS);
        assertFalse(backend.closed);
        backend.unacknowledged = 0;
        at(200 * MS);
        assertTrue(backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_RESET));
    }

    @Test
    void shouldNotWaitForEverUntilSurvivorAcknowledged() {
        relaying();
        client.unacknowledged = 4;
        backend.reading(4, -Errno.ECONNRESET);
        event(backend, FAILED);
        for (long passed = 0; passed < FIN_NS + 200 * MS; passed += 50 * MS) {
            at(50 * MS);
        }
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_FIN_TIMEOUT));
    }

    @Test
    void shouldCloseWhenSurvivorFailsToo() {
        relaying();
        backend.unacknowledged = 4;
        client.reading(-Errno.ECONNRESET);
        event(client, FAILED);
        event(backend, EPOLLIN | EPOLLOUT);
        assertFalse(backend.closed, "only a failure matters now");
        event(backend, FAILED);
        assertTrue(backend.closed);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_RESET));
    }

    @Test
    void shouldDropEventsOfTheSideThatIsGoneWhileResetting() {
        relaying();
        backend.unacknowledged = 4;
        long token = client.token;
        client.reading(-Errno.ECONNRESET);
        event(client, FAILED);
        tcp.onEvent(token, FAILED);
        assertEquals(1, counter(TcpCounter.STALE_EVENTS));
    }

    @Test
    void shouldStillDeliverWhatSourceHasWhenItsSocketTakesNoMore() {
        relaying();
        // The backend answered and reset; the client's next request finds that out first.
        backend.reading(6, 0);
        backend.writing(-Errno.EPIPE);
        client.reading(3);
        event(client, EPOLLIN);
        assertEquals(6, client.sent);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    @Test
    void shouldStillDeliverToBackendWhenClientTakesNoMore() {
        relaying();
        client.reading(6, 0);
        client.writing(-Errno.ECONNRESET);
        backend.reading(3);
        event(backend, EPOLLIN);
        assertEquals(6, backend.sent);
        assertTrue(backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_RESET));
    }

    @Test
    void shouldWaitForSlowClientWhenBackendWasFoundDead() {
        relaying();
        backend.reading(6, 0);
        backend.writing(-Errno.EPIPE);
        client.writing(2);
        client.reading(3);
        event(client, EPOLLIN);
        assertFalse(client.closed);
        event(client, EPOLLOUT);
        assertEquals(6, client.sent);
        assertTrue(client.reset);
    }

    @Test
    void shouldSeverWhenRestCannotBeFlushed() {
        relaying();
        backend.writing(1, -Errno.ECONNRESET);
        client.reading(3);
        event(client, EPOLLIN);
        backend.reading(0);
        event(backend, EPOLLOUT);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    @Test
    void shouldResetBackendWhenClientFailsAfterItsFin() {
        relaying();
        client.reading(0);
        event(client, FIN);
        event(client, FAILED);
        assertTrue(backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_RESET));
    }

    @Test
    void shouldResetClientWhenBackendFailsAfterItsFin() {
        relaying();
        backend.reading(0);
        event(backend, FIN);
        event(backend, FAILED);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    @Test
    void shouldFlushRestOfEndedClientBeforeItsResetIsPassedOn() {
        relaying();
        backend.writing(1);
        client.reading(3, 0);
        event(client, FIN);
        event(client, FAILED);
        assertFalse(backend.closed);
        event(backend, EPOLLOUT);
        assertEquals(3, backend.sent);
        assertTrue(backend.reset);
    }

    @Test
    void shouldCloseWhenBothSidesFail() {
        relaying();
        client.writing(1);
        backend.reading(4, -Errno.ECONNRESET);
        event(backend, FAILED);
        client.reading(-Errno.ECONNRESET);
        event(client, FAILED);
        assertTrue(client.closed && backend.closed);
    }

    // ---- no memory for rests

    @Test
    void shouldLeaveDataInKernelWhenMemoryForRestsIsUsedUp() {
        relaying();
        exhaustRemainders();
        backend.writing(40);
        client.reading(100, 0);
        event(client, FIN);
        assertEquals(40, backend.sent);
        assertEquals(40, client.received, "the rest was only looked at");
        event(backend, EPOLLOUT);
        assertEquals(100, backend.sent);
        assertEquals(100, client.received);
        assertTrue(backend.finSent);
        assertTrue(counter(TcpCounter.PEEKED_READS) >= 2);
    }

    @Test
    void shouldSeverWhenPeekedDataCannotBeSent() {
        relaying();
        exhaustRemainders();
        backend.writing(-Errno.EPIPE);
        client.reading(100);
        backend.reading(0);
        event(client, EPOLLIN);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    @Test
    void shouldResetWhenPeekedSourceFails() {
        relaying();
        exhaustRemainders();
        client.reading(100, -Errno.ECONNRESET);
        event(client, FAILED);
        assertEquals(100, backend.sent);
        assertTrue(backend.reset);
    }

    // ---- what nobody will get

    @Test
    void shouldTakeAndDropWhatTheSurvivorSendsWhileWhatCameBeforeTheResetIsFlushed() {
        relaying();
        client.writing(100);
        backend.reading(1_000, -Errno.ECONNRESET);
        event(backend, FAILED);
        backend.writing(-Errno.EPIPE);
        client.reading(50_000);
        event(client, EPOLLIN);
        client.reading(3L << 20);
        event(client, EPOLLIN);
        while (tcp.hasQueued()) {
            tcp.runQueued(tcp.queued());
        }
        assertEquals(50_000 + (3L << 20), client.received);
        assertEquals(0, backend.sent);
        assertFalse(client.closed);
        event(client, EPOLLOUT);
        assertEquals(1_000, client.sent);
        assertTrue(client.reset);
    }

    @Test
    void shouldTakeAndDropWhatTheSurvivorSendsUntilItHasAcknowledged() {
        relaying();
        client.unacknowledged = 1_000;
        client.reading(5_000);
        backend.reading(1_000, -Errno.ECONNRESET);
        event(backend, FAILED);
        client.reading(3L << 20);
        event(client, EPOLLIN);
        while (tcp.hasQueued()) {
            tcp.runQueued(tcp.queued());
        }
        assertEquals(5_000 + (3L << 20), client.received);
        assertFalse(client.closed);
        client.unacknowledged = 0;
        at(100 * MS);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    @Test
    void shouldEndWhenTheSurvivorFailsWhileItIsDrained() {
        relaying();
        client.unacknowledged = 1_000;
        backend.reading(1_000, -Errno.ECONNRESET);
        event(backend, FAILED);
        client.reading(-Errno.ETIMEDOUT);
        event(client, EPOLLIN);
        assertTrue(client.closed && backend.closed);
        assertEquals(0, tcp.openConnections());
    }

    /** The write takes the backend's error, and the read after it in the same turn finds 0. */
    @Test
    void shouldResetTheClientWhenAWriteFindsTheBackendDeadJustBeforeARead() {
        relaying();
        client.writing(-Errno.EAGAIN);
        backend.reading(16 << 10, 0);
        event(backend, EPOLLIN);
        client.reading(5);
        backend.writing(-Errno.ECONNRESET);
        event(client, EPOLLIN | EPOLLOUT);
        assertEquals(16 << 10, client.sent);
        assertFalse(client.finSent);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
    }

    /** Both found by reads, no event having told of either: nothing is left to wait for. */
    @Test
    void shouldCloseAtOnceWhenReadsFindBothSidesReset() {
        relaying();
        client.unacknowledged = 1_000;
        backend.unacknowledged = 1_000;
        backend.reading(-Errno.ECONNRESET);
        client.reading(-Errno.ECONNRESET);
        toldOnlyOfData();
        assertTrue(client.closed && backend.closed);
        assertEquals(0, tcp.openConnections());
    }

    /** Both become readable before either has its turn. */
    private void toldOnlyOfData() {
        client.reads.addFirst(20L << 20);
        event(client, EPOLLIN); // uses up its turn, and waits in the queue
        event(backend, EPOLLIN);
        while (tcp.hasQueued()) {
            tcp.runQueued(tcp.queued());
        }
    }
}
