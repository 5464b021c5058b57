package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.flow.NotedEnds;
import io.penstock.forwarder.flow.NotedEnds.Ended;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Errno;
import org.junit.jupiter.api.Test;

/** What the observer is told of a connection that ends. */
class ConnectionEndTest extends ConnectionScript {
    private static final int COPIED = 495 << 10;
    private static final int MIB = 1 << 20;

    private final NotedEnds ends = new NotedEnds();

    ConnectionEndTest() {
        observer = ends;
    }

    private void completes() {
        client.reading(0);
        event(client, FIN);
        backend.reading(0);
        event(backend, FIN);
    }

    @Test
    void shouldTellHowLongEachStepOfACompletedConnectionTook() {
        accept();
        at(30 * MS);
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
        at(500 * MS);
        client.reading(5);
        event(client, EPOLLIN);
        at(40 * MS);
        backend.reading(9);
        event(backend, EPOLLIN);
        at(100 * MS);
        completes();
        Ended end = ends.only();
        assertFalse(end.udp());
        assertEquals("COMPLETED", end.reason());
        assertEquals("web", end.service());
        assertFalse(end.failure());
        assertEquals(1, end.attempts());
        assertEquals(0, end.queuedNs());
        assertEquals(30 * MS, end.connectNs());
        assertEquals(40 * MS, end.firstByteNs(), "from the client's first bytes");
        assertEquals(670 * MS, end.tookNs());
        assertEquals(5, end.bytesToBackend());
        assertEquals(9, end.bytesToClient());
        assertEquals(0, end.bytesSpliced());
        assertEquals(1, loads.stream().filter(end.backend().load()::equals).count());
    }

    @Test
    void shouldTellLastBackendAndAttemptsWhenAllRefuse() {
        accept();
        refuse();
        backend = kernel.last();
        refuse();
        backend = kernel.last();
        refuse();
        Ended end = ends.only();
        assertEquals("CONNECT_FAILED", end.reason());
        assertTrue(end.failure());
        assertEquals(3, end.attempts());
        assertEquals(FlowEnd.NEVER, end.connectNs());
        assertEquals(FlowEnd.NEVER, end.firstByteNs());
        assertEquals(0, end.bytesToBackend());
        assertEquals(1, end.backend().load().connectFailures());
    }

    @Test
    void shouldTellOfNoBackendWhenThereIsNone() {
        table = table(0, 3, IDLE_NS);
        accept();
        Ended end = ends.only();
        assertEquals("NO_BACKEND", end.reason());
        assertNull(end.backend());
        assertEquals(0, end.attempts());
        assertEquals(FlowEnd.NEVER, end.connectNs());
        assertEquals(FlowEnd.NEVER, end.firstByteNs());
    }

    @Test
    void shouldTellWaitOfTheConnectionThatWasQueuedAndOfTheOneThatStillWaits() {
        queueing();
        Fd holder = client;
        accept();
        Fd waiting = client;
        accept();
        at(250 * MS);
        holder.reading(-Errno.ECONNRESET);
        event(holder, FAILED);
        at(0);
        assertEquals("CLIENT_GONE", ends.only().reason());
        assertEquals(0, ends.only().queuedNs());
        waiting.reading(-Errno.ECONNRESET);
        event(waiting, FAILED);
        assertEquals(250 * MS, ends.all().get(1).queuedNs());
        assertEquals(1, ends.all().get(1).attempts());
        at(3_000 * MS);
        assertEquals(3, ends.all().size());
    }

    @Test
    void shouldTellWaitOfTheConnectionThatWaitedForTooLong() {
        queueing();
        accept();
        at(3_000 * MS + TICK_NS);
        Ended end = ends.only();
        assertEquals("QUEUE_TIMEOUT", end.reason());
        assertEquals(end.tookNs(), end.queuedNs());
        assertEquals(3_000 * MS + TICK_NS, end.queuedNs());
        assertEquals(0, end.attempts());
        assertNull(end.backend());
    }

    /** One backend with one place, which is taken. */
    private void queueing() {
        PoolQueue queue = new PoolQueue(3, 3_000 * MS);
        table = table(1, 3, IDLE_NS, queue);
        loads.get(loads.size() - 1).limit(1, BackendLoad.UNLIMITED);
        accept();
        // The connect timeout must not come first.
        event(client, EPOLLOUT);
    }

    @Test
    void shouldTellWhoResetAndWhatWasMovedBefore() {
        relaying();
        backend.error = Errno.ECONNRESET;
        backend.reading(100, -Errno.ECONNRESET);
        event(backend, FAILED);
        Ended end = ends.only();
        assertEquals("BACKEND_RESET", end.reason());
        assertEquals(100, end.bytesToClient());
        assertEquals("10.0.0.", end.backend().address().toString().substring(0, 7), "also when its place is free");
    }

    @Test
    void shouldTellWhatWasSpliced() {
        relaying();
        backend.reading(COPIED);
        event(backend, EPOLLIN);
        backend.reading(MIB);
        event(backend, EPOLLIN);
        while (tcp.hasQueued()) {
            tcp.runQueued(tcp.queued());
        }
        completes();
        assertEquals(COPIED + MIB, ends.only().bytesToClient());
        assertEquals(MIB, ends.only().bytesSpliced());
    }

    @Test
    void shouldTellNothingOfTheConnectionBeforeWhenASlotIsUsedAgain() {
        relaying();
        client.reading(5);
        event(client, EPOLLIN);
        backend.reading(7);
        event(backend, EPOLLIN);
        completes();
        accept();
        event(client, FAILED);
        Ended second = ends.all().get(1);
        assertEquals("CLIENT_GONE", second.reason());
        assertEquals(FlowEnd.NEVER, second.connectNs());
        assertEquals(FlowEnd.NEVER, second.firstByteNs());
        assertEquals(0, second.bytesToBackend() + second.bytesToClient());
        assertNotEquals(ends.all().get(0).token(), second.token());
    }

    @Test
    void shouldTellOfTheKilledByTheTokenThatItWasKilledBy() {
        relaying();
        long token = client.token;
        assertTrue(tcp.tryKill(token));
        assertEquals("KILLED", ends.only().reason());
        assertEquals(token, ends.only().token());
    }
}
