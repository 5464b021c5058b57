package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLHUP;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static io.penstock.linux.EpollConstants.EPOLLPRI;
import static io.penstock.linux.EpollConstants.EPOLLRDHUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.event.Epoll;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one connection does with each event, over a scripted kernel and a clock that the test sets. */
class ConnectionTest {
    private static final long MS = 1_000_000;
    private static final long TICK_NS = 1 << 20;
    private static final long CONNECT_NS = 2_000 * MS;
    private static final long IDLE_NS = 60_000 * MS;
    private static final long FIN_NS = 5_000 * MS;
    private static final int FAILED = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDHUP;
    private static final int FIN = EPOLLIN | EPOLLOUT | EPOLLRDHUP;
    private static final int BUFFER = TcpForwarder.COPY_BUFFER_BYTES;

    private final ScriptedSyscalls kernel = new ScriptedSyscalls();
    private long nowNs = 1_000 * MS;
    private ForwardingTable table = table(3, 3, IDLE_NS);
    private TcpForwarder tcp;
    private final List<Long> held = new ArrayList<>();
    private Fd listener;
    private Fd client;
    private Fd backend;

    @BeforeEach
    void listen() {
        tcp = new TcpForwarder(kernel, new Epoll(kernel), table, nowNs);
        Endpoint endpoint = new Endpoint(IpAddress.parse("127.0.0.1").orElseThrow(), 80);
        assertEquals(0, tcp.listen(new ListenerSpec(0, endpoint, false)));
        listener = kernel.last();
        assertFalse(listener.registered, "clients wait in the kernel until accepting starts");
        assertEquals(0, tcp.startAccepting());
        assertTrue(listener.registered);
    }

    /** Whatever a test did: nothing is open, no deadline waits, all memory is back, all slots are free. */
    @AfterEach
    void shouldHaveReleasedEverything() {
        tcp.close();
        held.forEach(block -> tcp.remainders().release(block, 1));
        assertEquals(0, kernel.openFds());
        assertEquals(0, tcp.openConnections());
        assertEquals(0, tcp.timers().size());
        assertEquals(0, tcp.remainders().inUse());
        tcp.runQueued(tcp.queued());
        assertFalse(tcp.hasQueued());
    }

    // ---- connecting

    @Test
    void shouldConnectBackendAndRelayBothWays() {
        relaying();
        assertEquals(1, counter(TcpCounter.CONNECTED));
        client.reading(5);
        event(client, EPOLLIN);
        backend.reading(7);
        event(backend, EPOLLIN);
        assertEquals(5, backend.sent);
        assertEquals(7, client.sent);
        assertEquals(5, counter(TcpCounter.BYTES_TO_BACKENDS));
        assertEquals(7, counter(TcpCounter.BYTES_TO_CLIENTS));
    }

    @Test
    void shouldDeliverWhatClientSentBeforeBackendWasConnected() {
        accept();
        client.reading(5);
        event(client, EPOLLIN | EPOLLOUT);
        assertEquals(0, client.received, "stays in the kernel");
        event(backend, EPOLLOUT);
        assertEquals(5, backend.sent);
    }

    @Test
    void shouldTryNextBackendWhenConnectIsRefusedLater() {
        accept();
        refuse();
        assertTrue(backend.closed);
        backend = kernel.last();
        event(backend, EPOLLOUT);
        assertEquals(1, counter(TcpCounter.CONNECT_FAILED));
        assertEquals(1, counter(TcpCounter.CONNECT_RETRIED));
        assertEquals(1, counter(TcpCounter.CONNECTED));
        assertEquals(2, new HashSet<>(kernel.connectedAddresses).size(), "another backend");
    }

    @Test
    void shouldTryNextBackendWhenConnectFailsAtOnce() {
        kernel.connectResults.add(-Errno.ENETUNREACH);
        kernel.connectResults.add(-Errno.EADDRNOTAVAIL);
        accept();
        event(backend, EPOLLOUT);
        assertEquals(2, counter(TcpCounter.CONNECT_FAILED));
        assertEquals(1, counter(TcpCounter.CONNECTED));
        assertEquals(3, new HashSet<>(kernel.connectedAddresses).size());
    }

    @Test
    void shouldTryNextBackendWhenConnectIsLate() {
        accept();
        Fd late = backend;
        at(CONNECT_NS - TICK_NS);
        assertFalse(late.closed);
        at(CONNECT_NS + TICK_NS);
        assertTrue(late.closed);
        backend = kernel.last();
        event(backend, EPOLLOUT);
        assertEquals(1, counter(TcpCounter.CONNECTED));
    }

    @Test
    void shouldResetClientWhenAttemptsAreExhausted() {
        accept();
        for (int i = 0; i < 3; i++) {
            refuse();
            backend = kernel.last();
        }
        assertTrue(client.reset);
        assertEquals(3, counter(TcpCounter.CONNECT_FAILED));
        assertEquals(2, counter(TcpCounter.CONNECT_RETRIED));
        assertEquals(1, counter(TcpCounter.CLOSED_CONNECT_FAILED));
        assertEquals(3, new HashSet<>(kernel.connectedAddresses).size());
    }

    @Test
    void shouldResetClientWhenAllAttemptsAreLate() {
        accept();
        for (int i = 1; i <= 3; i++) {
            at(CONNECT_NS + 2 * TICK_NS);
        }
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_CONNECT_FAILED));
    }

    @Test
    void shouldResetClientWhenNoBackendIsEligible() {
        table = table(0, 3, IDLE_NS);
        accept();
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_BACKEND));
    }

    @Test
    void shouldResetClientWhenPoolEmptiesBetweenAttempts() {
        accept();
        table = table(0, 3, IDLE_NS);
        at(MS);
        refuse();
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_BACKEND));
    }

    @Test
    void shouldGiveUpWhenClientFailsBeforeBackendIsConnected() {
        accept();
        event(client, FAILED);
        assertTrue(client.closed && backend.closed);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_GONE));
    }

    @Test
    void shouldRelayClientsFinWhenItCameBeforeBackendWasConnected() {
        accept();
        client.reading(4, 0);
        event(client, FIN);
        assertFalse(client.closed, "a client may half-close at once");
        event(backend, EPOLLOUT);
        assertEquals(4, backend.sent);
        assertTrue(backend.finSent);
    }

    @Test
    void shouldIgnoreBackendEventWithoutOutWhileConnecting() {
        accept();
        event(backend, EPOLLIN);
        assertEquals(0, counter(TcpCounter.CONNECTED));
        event(backend, EPOLLIN | EPOLLOUT);
        assertEquals(1, counter(TcpCounter.CONNECTED));
    }

    @Test
    void shouldTakeWhatBackendSentWithItsFirstEvent() {
        accept();
        event(client, EPOLLOUT);
        backend.reading(9);
        event(backend, EPOLLIN | EPOLLOUT);
        assertEquals(9, client.sent, "servers may speak first");
    }

    // ---- want of resources

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM})
    void shouldPauseAcceptingWhenDescriptorsRunOut(int errno) {
        kernel.acceptErrors.add(-errno);
        kernel.clientsWaiting = 1;
        event(listener, EPOLLIN);
        assertFalse(listener.registered, "or it would be readable for ever");
        assertEquals(1, counter(TcpCounter.ACCEPT_PAUSED));
        assertTrue(tcp.waitNs() > 0 && tcp.waitNs() <= 100 * MS);
        at(100 * MS);
        assertTrue(listener.registered);
        event(listener, EPOLLIN);
        assertEquals(1, counter(TcpCounter.ACCEPTED));
    }

    /** A descriptor is kept for the client in hand; those in the kernel's queue wait. */
    @Test
    void shouldServeTheClientInHandAndPauseWhenDescriptorsRunOut() {
        kernel.socketResults.add(-Errno.EMFILE);
        kernel.clientsWaiting = 5;
        event(listener, EPOLLIN);
        assertEquals(4, kernel.clientsWaiting);
        assertEquals(1, tcp.openConnections());
        assertEquals(0, counter(TcpCounter.CLOSED_NO_RESOURCES));
        assertFalse(listener.registered);
        kernel.eventfdResults.add(-Errno.EMFILE);
        at(100 * MS);
        assertFalse(listener.registered, "no descriptor to spare: not yet");
        at(200 * MS);
        assertTrue(listener.registered);
    }

    @Test
    void shouldTryToResumeAgainWhenListenerCannotBeRegistered() {
        kernel.acceptErrors.add(-Errno.EMFILE);
        event(listener, EPOLLIN);
        kernel.registerResults.add(-Errno.ENOMEM);
        at(100 * MS);
        assertFalse(listener.registered);
        at(200 * MS);
        assertTrue(listener.registered);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EBADF, Errno.EINVAL, Errno.ENOTSOCK})
    void shouldDieLoudlyWhenListenerIsDead(int errno) {
        kernel.acceptErrors.add(-errno);
        assertThrows(IllegalStateException.class, () -> event(listener, EPOLLIN));
    }

    @Test
    void shouldPauseAcceptingWhenBackendGetsNoSocket() {
        kernel.socketResults.add(-Errno.EMFILE);
        kernel.socketResults.add(-Errno.EMFILE);
        kernel.clientsWaiting = 1;
        event(listener, EPOLLIN);
        assertTrue(kernel.last().reset);
        assertFalse(listener.registered);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_RESOURCES));
        assertEquals(1, counter(TcpCounter.ACCEPT_PAUSED));
        at(100 * MS);
        assertTrue(listener.registered);
    }

    /** What was accepted after a pause began would be reset for want of the next descriptor. */
    @Test
    void shouldAcceptNoMoreOfTheBatchWhenBackendGetsNoSocket() {
        kernel.socketResults.add(-Errno.EMFILE);
        kernel.clientsWaiting = 5;
        event(listener, EPOLLIN);
        assertEquals(4, kernel.clientsWaiting, "stay in the kernel's queue");
    }

    @Test
    void shouldIgnoreListenersEventInTheBatchThatPausedIt() {
        kernel.acceptErrors.add(-Errno.EMFILE);
        event(listener, EPOLLIN);
        kernel.clientsWaiting = 1;
        event(listener, EPOLLIN);
        assertEquals(1, kernel.clientsWaiting);
        kernel.clientsWaiting = 0;
    }

    @Test
    void shouldPassOverClientsThatAreGoneAlready() {
        kernel.acceptErrors.add(-Errno.ECONNABORTED);
        accept();
        assertEquals(1, counter(TcpCounter.ACCEPTED));
    }

    @Test
    void shouldCloseClientWhenItCannotBeRegistered() {
        kernel.registerResults.add(-Errno.ENOMEM);
        kernel.clientsWaiting = 1;
        event(listener, EPOLLIN);
        assertTrue(kernel.last().reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_RESOURCES));
    }

    @Test
    void shouldCloseBothWhenBackendCannotBeRegistered() {
        kernel.registerResults.add(0);
        kernel.registerResults.add(-Errno.ENOMEM);
        accept();
        assertTrue(client.reset && backend.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_RESOURCES));
    }

    @Test
    void shouldAcceptABatchPerTurn() {
        kernel.clientsWaiting = 100;
        event(listener, EPOLLIN);
        assertEquals(36, kernel.clientsWaiting);
        tcp.stopAccepting();
        assertEquals(0, kernel.clientsWaiting, "those that the kernel has queued are taken");
        assertTrue(listener.closed);
        assertEquals(100, tcp.openConnections());
    }

    /** Otherwise a pause would deregister whoever has the first listener's number by then. */
    @Test
    void shouldCloseNoListenerBeforeAllHaveAcceptedWhenStopping() {
        Endpoint endpoint = new Endpoint(IpAddress.parse("127.0.0.1").orElseThrow(), 81);
        assertEquals(0, tcp.listen(new ListenerSpec(0, endpoint, false)));
        kernel.acceptErrors.add(-Errno.EAGAIN);
        kernel.clientsWaiting = 2;
        kernel.socketResults.add(0);
        kernel.socketResults.add(-Errno.EMFILE);
        tcp.stopAccepting();
        Fd first = kernel.made.get(2);
        assertTrue(first.registered, "the client that was accepted before descriptors ran out");
        assertNotEquals(listener.number, first.number);
    }

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
        assertTrue(backend.sent >= 1 << 20 && backend.sent < (1 << 20) + BUFFER, backend.sent + " bytes in a turn");
        int turns = 1;
        while (tcp.hasQueued()) {
            long before = backend.sent;
            tcp.runQueued(tcp.queued());
            assertTrue(backend.sent - before < (1 << 20) + BUFFER);
            turns++;
        }
        assertEquals(total, backend.sent);
        assertTrue(turns >= 16, turns + " turns");
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
        assertTrue(backend.sent - before < (1 << 20) + BUFFER);
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

    // ---- the script

    private void accept() {
        at(0);
        kernel.clientsWaiting = 1;
        int before = kernel.made.size();
        event(listener, EPOLLIN);
        client = kernel.made.get(before);
        backend = kernel.last();
    }

    private void relaying() {
        accept();
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
    }

    private void refuse() {
        backend.error = Errno.ECONNREFUSED;
        event(backend, FAILED);
    }

    private void event(Fd fd, int events) {
        tcp.onEvent(fd.token, events);
    }

    /** Lets time pass, then has a turn of the loop. */
    private void at(long laterNs) {
        nowNs += laterNs;
        tcp.onTurn(table, nowNs);
        tcp.expire();
    }

    private long counter(TcpCounter counter) {
        return tcp.counters().value(counter);
    }

    private void exhaustRemainders() {
        while (tcp.remainders().readRoom(BUFFER) > 0) {
            held.add(tcp.remainders().acquire(1));
        }
    }

    private static ForwardingTable table(int backends, int attempts, long idleNs) {
        List<Backend> all = IntStream.range(0, backends)
                .mapToObj(i -> new Backend("b" + i, IpAddress.ofIpv4(0x0a000001 + i), 8080, 1))
                .toList();
        BackendPool pool = new BackendPool("pool", new FlowHash(1, 2), false, 1009, all);
        return new ForwardingTable(1, List.of(new Service("web", pool, attempts, CONNECT_NS, idleNs, FIN_NS)));
    }
}
