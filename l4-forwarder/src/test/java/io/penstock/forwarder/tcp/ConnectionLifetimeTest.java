package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.Lifetime;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.linux.Errno;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection ends when its time is over, whatever it does. */
class ConnectionLifetimeTest extends ConnectionScript {
    private static final long LIFETIME_NS = 10_000 * MS;

    @BeforeEach
    void limit() {
        lifetime(LIFETIME_NS);
    }

    private void lifetime(long lifetimeNs) {
        Service before = table.service(0);
        Timeouts timeouts = new Timeouts(CONNECT_NS, IDLE_NS, FIN_NS, Timeouts.NONE, new Lifetime(lifetimeNs, 0));
        table = new ForwardingTable(2, List.of(new Service("web", before.pool(), 3, timeouts, before.tcp())));
        assertEquals(TcpOptions.KERNEL_DEFAULTS, before.tcp());
    }

    @Test
    void shouldEndABusyConnectionInTime() {
        relaying();
        for (int i = 0; i < 9; i++) {
            at(1_000 * MS);
            client.reading(10);
            event(client, EPOLLIN);
        }
        assertFalse(client.closed);
        assertEquals(90, backend.sent);
        at(1_000 * MS + TICK_NS);
        assertTrue(client.reset && backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_LIFETIME));
    }

    @Test
    void shouldEndInTimeWhenThatIsBeforeTheConnectTimeout() {
        lifetime(500 * MS);
        relaying();
        at(500 * MS + TICK_NS);
        assertEquals(1, counter(TcpCounter.CLOSED_LIFETIME));
    }

    @Test
    void shouldCountFromTheAcceptAndNotFromTheBackend() {
        accept();
        event(client, EPOLLOUT);
        at(1_900 * MS);
        event(backend, EPOLLOUT);
        at(8_000 * MS);
        assertFalse(client.closed);
        at(100 * MS + TICK_NS);
        assertEquals(1, counter(TcpCounter.CLOSED_LIFETIME));
    }

    @Test
    void shouldEndAHalfClosedConnectionInTime() {
        relaying();
        client.reading(0);
        event(client, FIN);
        for (int i = 0; i < 9; i++) {
            at(1_000 * MS);
            backend.reading(10);
            event(backend, EPOLLIN);
        }
        assertEquals(90, client.sent);
        at(1_000 * MS + TICK_NS);
        assertEquals(1, counter(TcpCounter.CLOSED_LIFETIME));
    }

    /** The survivor acknowledges a little at a time, so its silence ends nothing. */
    @Test
    void shouldEndAResetThatWaitsInTime() {
        relaying();
        client.unacknowledged = 1_000;
        backend.reading(3, -Errno.ECONNRESET);
        event(backend, FAILED);
        for (int i = 0; i < 90; i++) {
            at(100 * MS);
            client.unacknowledged--;
        }
        assertFalse(client.closed);
        at(1_000 * MS + TICK_NS);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_LIFETIME));
    }

    @Test
    void shouldStillEndIdleConnectionsBefore() {
        lifetime(2 * IDLE_NS);
        relaying();
        at(CONNECT_NS + TICK_NS);
        at(IDLE_NS);
        assertEquals(1, counter(TcpCounter.CLOSED_IDLE_TIMEOUT));
    }

    @Test
    void shouldSpreadEndsOverTheJitterAndNeverBeLate() {
        Lifetime lifetime = new Lifetime(1_000, 10);
        Set<Long> ends = new HashSet<>();
        for (int number = 0; number < 10_000; number++) {
            long endNs = lifetime.endNs(50_000, number);
            assertTrue(endNs > 50_900 && endNs <= 51_000, () -> "ends at " + endNs);
            assertEquals(endNs, lifetime.endNs(50_000, number));
            ends.add(endNs);
        }
        assertEquals(100, ends.size());
        assertTrue(Lifetime.UNBOUNDED.endNs(System.nanoTime(), 1) > System.nanoTime() + IDLE_NS);
    }
}
