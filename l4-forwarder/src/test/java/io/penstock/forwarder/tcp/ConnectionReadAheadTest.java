package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import org.junit.jupiter.api.Test;

/** A client that has spoken before it is accepted, as most do that speak first. */
class ConnectionReadAheadTest extends ConnectionScript {
    private static final int REQUEST = 100;

    private void acceptWith(long... reads) {
        kernel.sentAlready = reads;
        accept();
        kernel.sentAlready = new long[0];
    }

    private void connected() {
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
    }

    @Test
    void shouldReadWhatIsThereAndEndTheHandshakeWithIt() {
        acceptWith(REQUEST);
        assertEquals(REQUEST, client.received);
        assertEquals(1, tcp.remainders().inUse());
        assertTrue(backend.quickAckOff);
        connected();
        assertEquals(REQUEST, backend.sent);
        assertFalse(backend.quickAckOff, "the answer is acknowledged at once");
        assertEquals(0, tcp.remainders().inUse());
        assertEquals(REQUEST, counter(TcpCounter.BYTES_TO_BACKENDS));
    }

    @Test
    void shouldSetNoDelayBeforeTheSecondWriteOnly() {
        acceptWith(REQUEST);
        connected();
        assertFalse(backend.noDelay);
        client.reading(REQUEST);
        event(client, EPOLLIN);
        assertEquals(2 * REQUEST, backend.sent);
        assertTrue(backend.noDelay);
    }

    @Test
    void shouldSetNoDelayBeforeTheRestOfAFirstWriteThatWasCutShort() {
        acceptWith(REQUEST);
        backend.writing(REQUEST / 2);
        connected();
        assertFalse(backend.noDelay);
        event(backend, EPOLLOUT);
        assertEquals(REQUEST, backend.sent);
        assertTrue(backend.noDelay);
    }

    @Test
    void shouldConnectAtOnceWhenTheClientHasSaidNothing() {
        acceptWith();
        assertTrue(backend.noDelay);
        assertFalse(backend.quickAckOff);
        connected();
        assertEquals(0, backend.sent);
    }

    @Test
    void shouldGiveWhatItReadToTheBackendThatAccepts() {
        acceptWith(REQUEST);
        refuse();
        backend = kernel.last();
        assertTrue(backend.quickAckOff);
        assertFalse(backend.noDelay);
        connected();
        assertEquals(REQUEST, backend.sent);
        assertEquals(REQUEST, client.received);
    }

    @Test
    void shouldSendTheRestThatCameAfter() {
        acceptWith(REQUEST);
        client.reading(5);
        event(client, EPOLLIN);
        assertEquals(REQUEST, client.received);
        event(backend, EPOLLOUT);
        assertEquals(REQUEST + 5, backend.sent);
    }

    @Test
    void shouldLeaveTheEndOfAClientToItsEvent() {
        acceptWith(0);
        assertFalse(backend.quickAckOff);
        event(client, FIN);
        event(backend, EPOLLOUT);
        assertTrue(backend.finSent);
        assertFalse(client.closed);
    }

    @Test
    void shouldPassOnARequestWhoseClientEndedAtOnce() {
        acceptWith(REQUEST, 0);
        event(client, FIN);
        event(backend, EPOLLOUT);
        assertEquals(REQUEST, backend.sent);
        assertTrue(backend.finSent);
    }

    @Test
    void shouldGiveBackWhatItReadWhenTheClientIsGoneBeforeABackendIsThere() {
        acceptWith(REQUEST, -Errno.ECONNRESET);
        event(client, FAILED);
        assertTrue(client.closed && backend.closed);
        assertEquals(0, tcp.remainders().inUse());
    }

    /** The read takes the error with it; the reads after it would find an end of stream that nobody sent. */
    @Test
    void shouldConnectNobodyForAClientThatHasResetAlready() {
        kernel.sentAlready = new long[] {-Errno.ECONNRESET, 0};
        accept();
        assertTrue(client.closed);
        assertEquals(0, kernel.connectedAddresses.size());
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_GONE));
    }

    /** Else those whose backends do not answer would take the memory of all others. */
    @Test
    void shouldReadNothingAheadWhenHalfOfTheSmallBlocksAreTaken() {
        while (tcp.remainders().readAheadRoom() > 0) {
            held.add(tcp.remainders().acquire(1));
        }
        assertTrue(tcp.remainders().readRoom(1 << 20) > 0);
        acceptWith(REQUEST);
        assertEquals(0, client.received);
    }

    @Test
    void shouldReadNothingWhenThereIsNoMemoryForIt() {
        exhaustRemainders();
        acceptWith(REQUEST);
        assertEquals(0, client.received);
        assertTrue(backend.noDelay);
        event(client, EPOLLIN | EPOLLOUT);
        event(backend, EPOLLOUT);
        assertEquals(REQUEST, backend.sent);
    }
}
