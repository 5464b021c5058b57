package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection begins, and what happens when it cannot. */
class ConnectionOpeningTest extends ConnectionScript {
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
        kernel.connectResults.add(-Errno.EHOSTUNREACH);
        accept();
        event(backend, EPOLLOUT);
        assertEquals(2, counter(TcpCounter.CONNECT_FAILED));
        assertEquals(1, counter(TcpCounter.CONNECTED));
        assertEquals(3, new HashSet<>(kernel.connectedAddresses).size());
    }

    /** It had accepted: what it sent before the reset is the client's, and another backend would be one too many. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.ECONNRESET, Errno.EPIPE})
    void shouldDeliverWhatBackendSentWhenItAcceptedAndResetBeforeItsFirstEvent(int error) {
        accept();
        event(client, EPOLLOUT);
        backend.error = error;
        backend.reading(5, 0);
        event(backend, FAILED);
        assertEquals(5, client.sent);
        assertTrue(client.reset);
        assertEquals(0, counter(TcpCounter.CONNECT_RETRIED));
        assertEquals(1, counter(TcpCounter.CONNECTED));
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
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
    void shouldResetClientOfAServiceThatIsClosed() {
        table = new ForwardingTable(2, List.of(table.service(0).withoutPools()));
        accept();
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_SERVICE));
        assertEquals(0, counter(TcpCounter.CLOSED_NO_BACKEND));
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

    /** Another thread may take the spare descriptor as soon as it is released. */
    @Test
    void shouldTryAgainAndPauseAcceptingWhenBackendGetsNoSocket() {
        starve(1);
        assertEquals(1, tcp.openConnections());
        assertFalse(listener.registered);
        assertEquals(1, counter(TcpCounter.ACCEPT_PAUSED));
        at(102 * MS);
        assertTrue(listener.registered);
        backend = kernel.last();
        event(backend, EPOLLOUT);
        assertEquals(1, counter(TcpCounter.CONNECTED));
        assertEquals(0, counter(TcpCounter.CONNECT_RETRIED), "what was not tried does not count");
        assertEquals(0, counter(TcpCounter.CLOSED_NO_RESOURCES));
    }

    @Test
    void shouldResetClientWhenBackendGetsNoSocketForAsLongAsAConnectMayTake() {
        starve(100);
        for (long now = 0; now <= CONNECT_NS; now += 10 * MS) {
            at(now);
        }
        at(CONNECT_NS + 2 * MS);
        assertEquals(0, tcp.openConnections());
        assertEquals(1, counter(TcpCounter.CLOSED_NO_RESOURCES));
        long tries = counter(TcpCounter.CONNECTS_STARVED);
        assertTrue(tries >= 10 && tries <= 20, () -> tries + " tries");
        kernel.socketResults.clear();
    }

    /** A client for whom there is no second socket, so many times. */
    private void starve(int times) {
        for (int i = 0; i < 2 * times; i++) {
            kernel.socketResults.add(-Errno.EMFILE);
        }
        kernel.clientsWaiting = 1;
        event(listener, EPOLLIN);
        client = kernel.made.get(kernel.made.size() - 1);
        assertEquals(1, counter(TcpCounter.CONNECTS_STARVED));
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
    void shouldAcceptOneThenBatchesThatGrowWhileTheListenerStaysReadable() {
        kernel.clientsWaiting = 1_000;
        int[] batches = {1, 1, 1, 2, 4, 8, 16, 32, 64, 64, 64};
        for (int batch : batches) {
            at(0);
            int before = kernel.clientsWaiting;
            event(listener, EPOLLIN);
            assertEquals(batch, before - kernel.clientsWaiting);
        }
        tcp.stopAccepting();
        assertEquals(0, kernel.clientsWaiting, "those that the kernel has queued are taken");
        assertTrue(listener.closed);
        assertEquals(1_000, tcp.openConnections());
    }

    /** Such a call costs as much as ten others. */
    @Test
    void shouldNotAskForAClientThatIsNotThereWhenTheyComeOneByOne() {
        for (int i = 0; i < 20; i++) {
            at(MS);
            at(MS);
            kernel.clientsWaiting = 1;
            event(listener, EPOLLIN);
        }
        assertEquals(20, counter(TcpCounter.ACCEPTED));
        assertEquals(0, kernel.acceptsInVain);
    }

    @Test
    void shouldTakeAsManyAsWereThereLastTime() {
        kernel.clientsWaiting = 1 + 1 + 1 + 2 + 3;
        for (int turn = 0; turn < 5; turn++) {
            at(0);
            event(listener, EPOLLIN);
        }
        assertEquals(0, kernel.clientsWaiting);
        assertEquals(1, kernel.acceptsInVain, "a batch of four found three");
        at(0);
        kernel.clientsWaiting = 5;
        event(listener, EPOLLIN);
        assertEquals(2, kernel.clientsWaiting);
        assertEquals(1, kernel.acceptsInVain);
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
}
