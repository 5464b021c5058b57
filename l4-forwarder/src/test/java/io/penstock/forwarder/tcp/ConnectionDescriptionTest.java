package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.flow.ConnectionDetails;
import org.junit.jupiter.api.Test;

/** What can be known of an open connection, and its end by another thread's word. */
class ConnectionDescriptionTest extends ConnectionScript {
    private final ConnectionDetails details = new ConnectionDetails();

    @Test
    void shouldTellWhatAConnectionIsAndHasMoved() {
        accept();
        final long openedNs = nowNs;
        event(client, EPOLLOUT);
        at(500 * MS);
        event(backend, EPOLLOUT);
        client.reading(7);
        event(client, EPOLLIN);
        backend.reading(11);
        event(backend, EPOLLIN);
        at(300 * MS);
        describe();
        assertEquals("web", details.service());
        assertEquals("relaying", details.state());
        assertTrue(details.backend().id().startsWith("b"));
        assertEquals(openedNs, details.openedNs());
        assertEquals(openedNs + 500 * MS, details.activeNs());
        assertEquals(7, details.bytesToBackend());
        assertEquals(11, details.bytesToClient());
    }

    @Test
    void shouldNameEachState() {
        accept();
        describe();
        assertEquals("connecting", details.state());
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
        client.reading(0);
        event(client, FIN);
        describe();
        assertEquals("half-closed", details.state());
        client.unacknowledged = 1;
        backend.reading(3, -io.penstock.linux.Errno.ECONNRESET);
        event(backend, FAILED);
        describe();
        assertEquals("resetting", details.state());
        assertNull(details.backend(), "its place is given back");
    }

    @Test
    void shouldResetBothSidesOfTheOneThatIsMeant() {
        relaying();
        describe();
        assertTrue(tcp.tryDrain(details.token()));
        assertTrue(client.reset && backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_DRAINED));
        assertFalse(tcp.tryDrain(details.token()), "it is gone");
        assertFalse(tcp.tryDescribe(0, details));
    }

    @Test
    void shouldNeverResetTheNextInTheSameSlot() {
        relaying();
        describe();
        long first = details.token();
        assertTrue(tcp.tryKill(first));
        relaying();
        describe();
        assertNotEquals(first, details.token());
        assertFalse(tcp.tryKill(first));
        assertFalse(client.closed);
        assertTrue(tcp.tryKill(details.token()));
        assertEquals(2, counter(TcpCounter.CLOSED_KILLED));
    }

    @Test
    void shouldFindNothingInSlotsThatNeverWere() {
        assertEquals(0, tcp.slots());
        assertFalse(tcp.tryKill(1L << 32));
    }

    private void describe() {
        assertTrue(tcp.tryDescribe(0, details));
    }
}
