package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Errno;
import org.junit.jupiter.api.Test;

/** When a connection has its turn: deadlines, fairness, and slots and descriptors that come again. */
class ConnectionTurnsTest extends ConnectionScript {
    /** Two MiB when spliced, and the read that goes beyond it. */
    private static final long TURN_MAX = (2 << 20) + BUFFER;

    // ---- deadlines

    @Test
    void shouldCloseIdleConnectionAfterItsLastByte() {
        relaying();
        at(IDLE_NS / 2);
        client.reading(1);
        event(client, EPOLLIN);
        at(IDLE_NS - TICK_NS);
        assertFalse(client.closed);
        at(2 * TICK_NS);
        assertTrue(client.reset && backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_IDLE_TIMEOUT));
    }

    @Test
    void shouldCloseIdleConnectionInTimeWhenIdleTimeoutIsShorterThanConnectTimeout() {
        table = table(3, 3, 100 * MS);
        relaying();
        at(100 * MS + 2 * TICK_NS);
        assertTrue(client.reset && backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_IDLE_TIMEOUT));
    }

    @Test
    void shouldCloseHalfClosedConnectionAfterItsLastByte() {
        relaying();
        client.reading(0);
        event(client, FIN);
        at(FIN_NS / 2);
        backend.reading(1);
        event(backend, EPOLLIN);
        at(FIN_NS - TICK_NS);
        assertFalse(client.closed);
        at(2 * TICK_NS);
        assertTrue(client.reset && backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_FIN_TIMEOUT));
    }

    @Test
    void shouldNotWaitForIdleTimeoutWhenRestOfFailedClientIsNotTaken() {
        relaying();
        at(CONNECT_NS + 2 * TICK_NS); // the timer now stands at the idle deadline
        backend.writing(1);
        client.reading(4, -Errno.ECONNRESET);
        event(client, FAILED);
        at(FIN_NS + 2 * TICK_NS);
        assertTrue(backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_FIN_TIMEOUT));
    }

    @Test
    void shouldNotWaitForIdleTimeoutWhenFailedClientCannotBeRead() {
        relaying();
        at(CONNECT_NS + 2 * TICK_NS); // the timer now stands at the idle deadline
        backend.writing(-Errno.EAGAIN);
        client.reading(4);
        event(client, EPOLLIN);
        event(client, FAILED);
        at(FIN_NS + 2 * TICK_NS);
        assertTrue(client.closed && backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_FIN_TIMEOUT));
    }

    // ---- fairness

    @Test
    void shouldYieldAfterItsTurnAndGoOnFromTheQueue() {
        relaying();
        long total = 20L << 20;
        client.reading(total);
        event(client, EPOLLIN);
        assertTrue(backend.sent >= 1 << 20 && backend.sent < TURN_MAX, backend.sent + " bytes in a turn");
        int turns = 1;
        while (tcp.hasQueued()) {
            long before = backend.sent;
            tcp.runQueued(tcp.queued());
            assertTrue(backend.sent - before < TURN_MAX);
            turns++;
        }
        assertEquals(total, backend.sent);
        assertTrue(turns >= 9, turns + " turns");
    }

    @Test
    void shouldQueueConnectionOnceWhateverEventsCome() {
        relaying();
        client.reading(20L << 20);
        event(client, EPOLLIN);
        event(client, EPOLLIN);
        event(client, EPOLLIN);
        long before = backend.sent;
        tcp.runQueued(tcp.queued());
        assertTrue(backend.sent - before < TURN_MAX);
    }

    @Test
    void shouldDropQueuedTurnWhenConnectionIsClosedMeanwhile() {
        relaying();
        client.reading(20L << 20);
        event(client, EPOLLIN);
        tcp.closeConnections();
        Fd former = client;
        relaying();
        tcp.runQueued(tcp.queued());
        assertFalse(client.closed);
        assertTrue(former.closed);
        assertEquals(0, backend.sent);
    }

    // ---- slots and descriptors that come again

    @Test
    void shouldDropAndCountEventsOfFormerUserOfSlotAndFd() {
        relaying();
        long clientToken = client.token;
        long backendToken = backend.token;
        int clientFd = client.number;
        tcp.closeConnections();
        relaying();
        assertEquals(clientFd, client.number, "the kernel gives the number out again");
        tcp.onEvent(clientToken, FAILED);
        tcp.onEvent(backendToken, FAILED);
        assertEquals(2, counter(TcpCounter.STALE_EVENTS));
        assertFalse(client.closed || backend.closed);
    }

    @Test
    void shouldDropEventsOfBackendThatWasGivenUp() {
        accept();
        long token = backend.token;
        refuse();
        tcp.onEvent(token, FAILED);
        assertEquals(1, counter(TcpCounter.STALE_EVENTS));
        assertEquals(1, counter(TcpCounter.CONNECT_FAILED));
        assertFalse(kernel.last().closed);
    }

    @Test
    void shouldDropEventsOfFreeSlot() {
        relaying();
        tcp.closeConnections();
        assertEquals(1, counter(TcpCounter.CLOSED_STOPPED));
        tcp.onEvent(client.token, EPOLLIN);
        assertEquals(1, counter(TcpCounter.STALE_EVENTS));
    }

    @Test
    void shouldUseSlotsAgain() {
        for (int i = 0; i < 1_000; i++) {
            relaying();
            client.reading(0);
            event(client, FIN);
            backend.reading(0);
            event(backend, FIN);
            assertEquals(0, tcp.openConnections());
        }
        assertEquals(1_000, counter(TcpCounter.CLOSED_COMPLETED));
        assertEquals(0, counter(TcpCounter.STALE_EVENTS));
    }
}
