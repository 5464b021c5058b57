package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection does while every backend is full, and while every backend has failed it. */
class ConnectionQueueTest extends ConnectionScript {
    private static final long QUEUE_NS = 3_000 * MS;

    private final PoolQueue queue = new PoolQueue(3, QUEUE_NS);

    @BeforeEach
    void oneBackendWithOnePlace() {
        table = table(1, 3, IDLE_NS, queue);
        load().limit(1, BackendLoad.UNLIMITED);
    }

    @AfterEach
    void shouldHaveLeftTheQueue() {
        tcp.close();
        assertEquals(0, queue.waiting());
    }

    private BackendLoad load() {
        return loads.get(loads.size() - 1);
    }

    /** Accepts one client; it connects or waits. */
    private Fd arrive() {
        accept();
        return client;
    }

    private List<Fd> arrive(int count) {
        List<Fd> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            at(MS);
            clients.add(arrive());
        }
        return clients;
    }

    private boolean isServed(int connects) {
        return kernel.connectedAddresses.size() == connects;
    }

    /** The connection that has the place ends. */
    private void free(Fd holder) {
        holder.reading(-Errno.ECONNRESET);
        event(holder, FAILED);
        at(0);
    }

    // ---- the queue

    @Test
    void shouldWaitWithoutBackendSocketWhenAllBackendsAreFull() {
        arrive(2);
        assertTrue(isServed(1));
        assertEquals(1, queue.waiting());
        assertEquals(1, load().open(), "who waits has no place");
        assertEquals(1, counter(TcpCounter.QUEUED));
        assertEquals(2, tcp.openConnections());
        assertFalse(client.closed);
    }

    @Test
    void shouldServeInOrderAsPlacesBecomeFree() {
        List<Fd> clients = arrive(4);
        for (int next = 1; next < 4; next++) {
            Fd before = clients.get(next - 1);
            free(before);
            assertTrue(isServed(next + 1));
            assertEquals(3 - next, queue.waiting());
            assertEquals(1, load().open());
            backend = kernel.last();
            event(backend, EPOLLOUT);
            clients.get(next).reading(7);
            event(clients.get(next), EPOLLIN | EPOLLOUT);
            assertEquals(7, backend.sent, "the place went to the one that waited longest");
        }
    }

    @Test
    void shouldReadNothingWhileWaitingBeyondWhatWasReadAtTheStart() {
        arrive();
        kernel.sentAlready = new long[] {5};
        Fd waiting = arrive();
        waiting.reading(6);
        event(waiting, EPOLLIN | EPOLLOUT);
        assertEquals(5, waiting.received);
    }

    @Test
    void shouldDeliverAllThatAClientSentAndEndedWhileItWaited() {
        Fd holder = arrive();
        kernel.sentAlready = new long[] {5};
        Fd waiting = arrive();
        waiting.reading(6, 0);
        event(waiting, FIN);
        assertFalse(waiting.closed, "a client may half-close at once");
        free(holder);
        backend = kernel.last();
        event(backend, EPOLLOUT);
        assertEquals(11, backend.sent);
        assertTrue(backend.finSent);
    }

    @Test
    void shouldResetClientThatWaitedTooLong() {
        arrive(2);
        at(QUEUE_NS - TICK_NS);
        assertFalse(client.closed);
        at(2 * TICK_NS);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_QUEUE_TIMEOUT));
        assertEquals(0, queue.waiting());
    }

    @Test
    void shouldResetClientWhenQueueIsFull() {
        arrive(5);
        assertTrue(client.reset);
        assertEquals(3, queue.waiting());
        assertEquals(1, counter(TcpCounter.CLOSED_QUEUE_FULL));
    }

    @Test
    void shouldLetClientLeaveFromAnywhereInTheQueue() {
        List<Fd> clients = arrive(4);
        event(clients.get(2), FAILED);
        assertTrue(clients.get(2).closed);
        assertEquals(2, queue.waiting());
        event(clients.get(3), FAILED);
        assertEquals(1, queue.waiting());
        assertEquals(2, counter(TcpCounter.CLOSED_CLIENT_GONE));
        free(clients.get(0));
        assertTrue(isServed(2));
        assertEquals(0, queue.waiting());
        assertFalse(clients.get(1).closed);
    }

    @Test
    void shouldServeTheNextWhenTheFirstLeaves() {
        List<Fd> clients = arrive(3);
        event(clients.get(1), FAILED);
        free(clients.get(0));
        assertTrue(isServed(2));
        assertFalse(clients.get(2).closed);
        assertEquals(0, queue.waiting());
    }

    /** Else those that come would always find the place before those that wait are asked. */
    @Test
    void shouldNotPassThoseThatWaitWhenAPlaceIsFree() {
        List<Fd> clients = arrive(2);
        event(clients.get(0), FAILED);
        assertEquals(0, load().open());
        kernel.clientsWaiting = 1;
        event(listener, EPOLLIN);
        assertEquals(2, queue.waiting());
        at(0);
        assertEquals(1, queue.waiting());
        backend = kernel.last();
        event(backend, EPOLLOUT);
        clients.get(1).reading(7);
        event(clients.get(1), EPOLLIN | EPOLLOUT);
        assertEquals(7, backend.sent);
    }

    @Test
    void shouldServeWhenAPendingConnectIsDone() {
        load().limit(BackendLoad.UNLIMITED, 1);
        accept();
        Fd connecting = backend;
        arrive();
        assertTrue(isServed(1));
        event(connecting, EPOLLOUT);
        at(0);
        assertTrue(isServed(2));
    }

    @Test
    void shouldServeWhenAConnectFails() {
        arrive(2);
        Fd connecting = kernel.made.get(kernel.made.size() - 2);
        connecting.error = Errno.ECONNREFUSED;
        event(connecting, FAILED);
        at(0);
        assertTrue(isServed(2), "while the first pauses");
        assertEquals(0, queue.waiting());
    }

    @Test
    void shouldServeWhenANewTableBringsRoom() {
        arrive(2);
        BackendLoad before = load();
        table = table(1, 3, IDLE_NS, queue);
        at(MS);
        assertTrue(isServed(2));
        assertEquals(1, before.open());
        assertEquals(1, load().open());
    }

    @Test
    void shouldServeWhenALimitIsRaisedAndTheQueueIsTold() {
        arrive(3);
        load().limit(3, BackendLoad.UNLIMITED);
        queue.onRoom(null);
        at(0);
        assertTrue(isServed(3));
    }

    @Test
    void shouldResetAllThatWaitWhenNoBackendIsEligibleAnyMore() {
        arrive(4);
        table = table(0, 3, IDLE_NS, queue);
        at(MS);
        assertEquals(3, counter(TcpCounter.CLOSED_NO_BACKEND));
        assertEquals(0, queue.waiting());
    }

    @Test
    void shouldRefuseAtOnceWhenNoBackendIsEligible() {
        table = table(0, 3, IDLE_NS, queue);
        arrive();
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_BACKEND));
        assertEquals(0, counter(TcpCounter.QUEUED));
    }

    @Test
    void shouldServeABoundedNumberInATurnAndGoOnWithTheNext() {
        PoolQueue large = new PoolQueue(200, QUEUE_NS);
        table = table(1, 3, IDLE_NS, large);
        load().limit(0, BackendLoad.UNLIMITED);
        arrive(200);
        load().limit(200, BackendLoad.UNLIMITED);
        large.onRoom(null);
        at(0);
        assertEquals(136, large.waiting());
        assertEquals(0, tcp.waitNs(), "does not sleep before all are served");
        for (int turn = 0; turn < 3; turn++) {
            at(0);
        }
        assertEquals(0, large.waiting());
    }

    @Test
    void shouldResetThoseThatWaitWhenStopped() {
        arrive(3);
        tcp.closeConnections();
        assertTrue(client.reset);
        assertEquals(3, counter(TcpCounter.CLOSED_STOPPED));
    }

    @Test
    void shouldWaitForTheOtherWhenOneRefusedAndTheOtherIsFull() {
        table = table(2, 3, IDLE_NS, queue);
        loads.subList(loads.size() - 2, loads.size()).forEach(load -> load.limit(1, BackendLoad.UNLIMITED));
        Fd first = arrive();
        Fd refused = backend;
        Fd second = arrive();
        backend = refused;
        refuse();
        assertEquals(1, queue.waiting());
        assertEquals(0, counter(TcpCounter.RETRIES_DELAYED));
        free(second);
        assertTrue(isServed(3));
        assertEquals(kernel.connectedAddresses.get(1), kernel.connectedAddresses.get(2));
        assertFalse(first.closed);
    }

    // ---- the pause

    @Test
    void shouldPauseBeforeTryingTheOnlyBackendAgain() {
        accept();
        refuse();
        assertEquals(1, counter(TcpCounter.RETRIES_DELAYED));
        assertEquals(0, load().open());
        at(1_000 * MS - TICK_NS);
        assertTrue(isServed(1));
        at(2 * TICK_NS);
        assertTrue(isServed(2));
        backend = kernel.last();
        event(backend, EPOLLOUT);
        assertEquals(1, counter(TcpCounter.CONNECTED));
    }

    @Test
    void shouldTryEachBackendBeforeItPauses() {
        table = table(2, 4, IDLE_NS, queue);
        accept();
        refuse();
        assertTrue(isServed(2));
        backend = kernel.last();
        refuse();
        assertTrue(isServed(2));
        at(1_001 * MS);
        assertTrue(isServed(3));
    }

    @Test
    void shouldNotPauseAfterALateConnect() {
        accept();
        at(CONNECT_NS + TICK_NS);
        assertTrue(isServed(2));
        assertEquals(0, counter(TcpCounter.RETRIES_DELAYED));
    }

    @Test
    void shouldNotPauseAfterTheLastAttempt() {
        accept();
        for (int attempt = 1; attempt < 3; attempt++) {
            refuse();
            at(1_001 * MS);
            backend = kernel.last();
        }
        refuse();
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CONNECT_FAILED));
    }

    @Test
    void shouldUseABackendThatCameBackAfterThePause() {
        accept();
        refuse();
        table = table(2, 3, IDLE_NS, queue);
        at(1_001 * MS);
        assertTrue(isServed(2));
    }

    @Test
    void shouldGiveUpThePauseWhenTheClientIsGone() {
        accept();
        refuse();
        event(client, FAILED);
        assertTrue(client.closed);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_GONE));
        at(2_000 * MS);
        assertTrue(isServed(1));
    }

    @Test
    void shouldWaitInTheQueueWhenThePlaceIsTakenAfterThePause() {
        accept();
        Fd first = client;
        refuse();
        arrive();
        at(1_001 * MS);
        assertEquals(1, queue.waiting());
        free(client);
        assertTrue(isServed(3));
        assertFalse(first.closed);
    }
}
