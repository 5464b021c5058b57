package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.linux.Errno;
import java.util.HashSet;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend's load is told of a connection. */
class ConnectionLoadTest extends ConnectionScript {
    private long sum(ToLongFunction<BackendLoad> value) {
        return loads.stream().mapToLong(value).sum();
    }

    private void limit(int maxOpen, int maxPending) {
        loads.forEach(load -> load.limit(maxOpen, maxPending));
    }

    // ---- places

    @Test
    void shouldHoldPlaceFromConnectToClose() {
        accept();
        assertEquals(1, sum(BackendLoad::open));
        assertEquals(1, sum(BackendLoad::pending));
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
        assertEquals(1, sum(BackendLoad::open));
        assertEquals(0, sum(BackendLoad::pending));
        client.reading(0);
        backend.reading(0);
        event(client, FIN);
        event(backend, FIN);
        assertEquals(0, sum(BackendLoad::open));
    }

    @Test
    void shouldMovePlaceToNextBackendWhenConnectFails() {
        accept();
        refuse();
        assertEquals(1, sum(BackendLoad::open));
        assertEquals(1, sum(BackendLoad::pending));
        assertEquals(1, sum(BackendLoad::connectFailures));
        assertEquals(0, sum(BackendLoad::connects));
    }

    @Test
    void shouldCountLateConnectAsFailure() {
        accept();
        at(CONNECT_NS + TICK_NS);
        assertEquals(1, sum(BackendLoad::connectFailures));
        assertEquals(1, sum(BackendLoad::open));
    }

    @Test
    void shouldNotBlameBackendWhenClientIsGoneBeforeConnect() {
        accept();
        event(client, FAILED);
        assertEquals(0, sum(BackendLoad::open));
        assertEquals(0, sum(BackendLoad::connectFailures));
    }

    /** Descriptors, memory, the registration with epoll, ports: what this host lacks. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENOBUFS, Errno.ENOMEM})
    void shouldNotBlameBackendWhenThisHostIsExhausted(int errno) {
        kernel.connectResults.add(-errno);
        kernel.connectResults.add(-errno);
        accept();
        assertEquals(1, counter(TcpCounter.CONNECTS_STARVED));
        assertEquals(0, sum(BackendLoad::connectFailures));
        assertEquals(0, sum(BackendLoad::open));
    }

    @Test
    void shouldNotBlameBackendWhenItCannotBeRegistered() {
        kernel.registerResults.add(0);
        kernel.registerResults.add(-Errno.ENOMEM);
        accept();
        assertEquals(0, sum(BackendLoad::connectFailures));
        assertEquals(0, sum(BackendLoad::open));
    }

    @Test
    void shouldTryAnotherBackendAndBlameNoneWhenPortsRunOut() {
        kernel.connectResults.add(-Errno.EADDRNOTAVAIL);
        accept();
        assertEquals(2, new HashSet<>(kernel.connectedAddresses).size());
        assertEquals(1, counter(TcpCounter.PORTS_EXHAUSTED));
        assertEquals(0, counter(TcpCounter.CONNECT_FAILED));
        assertEquals(0, sum(BackendLoad::connectFailures));
        assertEquals(1, sum(BackendLoad::open));
    }

    /** The client may still have to acknowledge what it was sent, for as long as the FIN timeout. */
    @Test
    void shouldGivePlaceBackWhenBackendResets() {
        relaying();
        client.unacknowledged = 1;
        backend.error = Errno.ECONNRESET;
        backend.reading(5, -Errno.ECONNRESET);
        event(backend, FAILED);
        assertTrue(backend.closed && !client.closed);
        assertEquals(0, sum(BackendLoad::open));
    }

    @Test
    void shouldKeepPlaceWhileBackendHasToAcknowledgeWhatAClientSentThatReset() {
        relaying();
        backend.unacknowledged = 1;
        client.error = Errno.ECONNRESET;
        client.reading(5, -Errno.ECONNRESET);
        event(client, FAILED);
        assertTrue(client.closed && !backend.closed);
        assertEquals(1, sum(BackendLoad::open));
    }

    // ---- limits

    @Test
    void shouldUseAnotherBackendWhenOneIsFull() {
        limit(1, BackendLoad.UNLIMITED);
        accept();
        accept();
        accept();
        loads.forEach(load -> assertEquals(1, load.open()));
        assertEquals(3, new HashSet<>(kernel.connectedAddresses).size());
    }

    @Test
    void shouldUseAnotherBackendWhenOneHasTooManyPending() {
        limit(BackendLoad.UNLIMITED, 1);
        accept();
        accept();
        loads.forEach(load -> assertTrue(load.pending() <= 1));
        assertEquals(2, sum(BackendLoad::pending));
    }

    @Test
    void shouldUseBackendOnTrialNoMoreThanItMay() {
        loads.forEach(load -> load.beginTrial(1));
        for (int i = 0; i < 4; i++) {
            accept();
        }
        loads.forEach(load -> assertEquals(1, load.open()));
        assertEquals(1, counter(TcpCounter.CLOSED_QUEUE_FULL));
    }

    @Test
    void shouldResetClientWhenAllBackendsAreFull() {
        limit(1, BackendLoad.UNLIMITED);
        for (int i = 0; i < 4; i++) {
            accept();
        }
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_QUEUE_FULL));
        assertTrue(counter(TcpCounter.PLACES_REFUSED) > 0);
        assertEquals(3, sum(BackendLoad::open));
    }

    /** More than can be excluded one by one. */
    @Test
    void shouldFindTheOneBackendWithRoomAmongManyThatAreFull() {
        table = table(200, 1, IDLE_NS);
        limit(0, BackendLoad.UNLIMITED);
        BackendLoad free = loads.get(loads.size() - 1);
        free.limit(1, BackendLoad.UNLIMITED);
        accept();
        assertEquals(1, free.open());
    }

    // ---- times

    @Test
    void shouldMeasureConnectFromItsOwnAttempt() {
        accept();
        at(700 * MS);
        refuse();
        backend = kernel.last();
        at(30 * MS);
        event(backend, EPOLLOUT);
        assertEquals(30 * MS, sum(BackendLoad::connectNs));
        assertEquals(1, sum(BackendLoad::connects));
    }

    @Test
    void shouldMeasureFirstByteFromConnectWhenServerSpeaksFirst() {
        relaying();
        at(40 * MS);
        backend.reading(9);
        event(backend, EPOLLIN);
        assertEquals(40 * MS, sum(BackendLoad::firstByteNs));
        at(MS);
        backend.reading(9);
        event(backend, EPOLLIN);
        assertEquals(1, sum(BackendLoad::firstBytes), "once a connection");
    }

    @Test
    void shouldMeasureFirstByteFromRequestWhenClientSpeaksLater() {
        relaying();
        at(500 * MS);
        client.reading(5);
        event(client, EPOLLIN);
        at(20 * MS);
        client.reading(5);
        event(client, EPOLLIN);
        at(20 * MS);
        backend.reading(9);
        event(backend, EPOLLIN);
        assertEquals(40 * MS, sum(BackendLoad::firstByteNs), "from the first byte of the request");
    }

    @Test
    void shouldMeasureFirstByteFromConnectWhenRequestCameBefore() {
        kernel.sentAlready = new long[] {5};
        accept();
        at(10 * MS);
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
        at(20 * MS);
        backend.reading(9);
        event(backend, EPOLLIN);
        assertEquals(20 * MS, sum(BackendLoad::firstByteNs));
    }

    @Test
    void shouldCountFirstByteThatClientDoesNotTakeYet() {
        relaying();
        client.writing(-Errno.EAGAIN);
        backend.reading(9);
        event(backend, EPOLLIN);
        assertEquals(1, sum(BackendLoad::firstBytes));
    }

    // ---- early resets

    @Test
    void shouldCountResetBeforeFirstByte() {
        relaying();
        backend.error = Errno.ECONNRESET;
        backend.reading(-Errno.ECONNRESET);
        event(backend, FAILED);
        assertEquals(1, sum(BackendLoad::earlyResets));
        assertEquals(0, sum(BackendLoad::open));
    }

    @Test
    void shouldCountResetThatAnswersTheConnect() {
        accept();
        event(client, EPOLLOUT);
        backend.error = Errno.ECONNRESET;
        backend.reading(0);
        event(backend, FAILED);
        assertEquals(1, sum(BackendLoad::connects));
        assertEquals(1, sum(BackendLoad::earlyResets));
    }

    @Test
    void shouldCountBackendThatTheRequestFindsDead() {
        relaying();
        backend.writing(-Errno.EPIPE);
        client.reading(5);
        backend.reading(0);
        event(client, EPOLLIN);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_RESET));
        assertEquals(1, sum(BackendLoad::earlyResets));
    }

    @Test
    void shouldCountBackendThatVanishedBeforeItsFirstByte() {
        relaying();
        backend.error = Errno.ETIMEDOUT;
        backend.reading(-Errno.ETIMEDOUT);
        event(backend, FAILED);
        assertEquals(1, counter(TcpCounter.CLOSED_BACKEND_TIMED_OUT));
        assertEquals(1, sum(BackendLoad::earlyResets));
    }

    @Test
    void shouldNotCountResetAfterFirstByte() {
        relaying();
        backend.error = Errno.ECONNRESET;
        backend.reading(5, -Errno.ECONNRESET);
        event(backend, FAILED);
        assertEquals(1, sum(BackendLoad::firstBytes));
        assertEquals(0, sum(BackendLoad::earlyResets));
    }

    @Test
    void shouldNotBlameBackendForWhatTheClientOrThisProcessEnded() {
        relaying();
        client.error = Errno.ECONNRESET;
        client.reading(-Errno.ECONNRESET);
        event(client, FAILED);
        assertTrue(backend.reset);
        relaying();
        at(IDLE_NS + TICK_NS);
        assertTrue(backend.reset);
        relaying();
        tcp.closeConnections();
        assertTrue(backend.reset);
        assertEquals(0, sum(BackendLoad::earlyResets));
    }

    @Test
    void shouldNotBlameBackendThatResetsAfterTheClientDid() {
        relaying();
        backend.unacknowledged = 1;
        client.error = Errno.ECONNRESET;
        client.reading(5, -Errno.ECONNRESET);
        event(client, FAILED);
        backend.error = Errno.ECONNRESET;
        event(backend, FAILED);
        assertTrue(backend.closed);
        assertEquals(0, sum(BackendLoad::earlyResets));
    }

    @Test
    void shouldNotBlameBackendThatEndsWithoutAByte() {
        relaying();
        backend.reading(0);
        client.reading(0);
        event(backend, FIN);
        event(client, FIN);
        assertEquals(1, counter(TcpCounter.CLOSED_COMPLETED));
        assertEquals(0, sum(BackendLoad::earlyResets) + sum(BackendLoad::firstBytes));
    }
}
