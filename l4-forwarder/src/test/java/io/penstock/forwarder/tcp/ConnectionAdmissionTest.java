package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.ClientList;
import io.penstock.forwarder.table.ConnectionGate;
import io.penstock.forwarder.table.ConnectionLimit;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.Lifetime;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.RateLimit;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.SourceLimits;
import io.penstock.forwarder.table.SourceTable;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.forwarder.table.TokenBucket;
import io.penstock.forwarder.table.TokenRate;
import io.penstock.forwarder.tcp.ScriptedSyscalls.Fd;
import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import io.penstock.net.FlowHash;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What keeps clients out, and what holds them back. */
class ConnectionAdmissionTest extends ConnectionScript {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final long FIRST_BYTE_NS = 3_000 * MS;

    private final ConnectionGate service = new ConnectionGate();
    private final ConnectionGate process = new ConnectionGate();
    private final SourceTable sources = new SourceTable(64, 0);
    private final TokenBucket bucket = new TokenBucket(nowNs);

    @AfterEach
    void shouldHoldNothingWhenAllAreClosed() {
        tcp.closeConnections();
        assertEquals(0, service.open());
        assertEquals(0, process.open());
        assertEquals(0, sources.connections());
    }

    private void admission(Admission admission, long firstByteNs) {
        Service plain = table(3, 3, IDLE_NS).service(0);
        Timeouts timeouts = new Timeouts(CONNECT_NS, IDLE_NS, FIN_NS, firstByteNs, Lifetime.UNBOUNDED);
        table = new ForwardingTable(
                2,
                List.of(new Service(
                        plain.name(), plain.split(), 3, timeouts, plain.tcp(), admission, plain.proxyInput())));
        at(0);
    }

    private void admission(ClientList clients, SourceLimits limits, RateLimit rate, int max, int processMax) {
        admission(
                new Admission(
                        clients,
                        limits,
                        rate,
                        new ConnectionLimit(service, max),
                        new ConnectionLimit(process, processMax)),
                Timeouts.NONE);
    }

    private SourceLimits perSource(int connections, TokenRate rate) {
        return new SourceLimits(sources, new FlowHash(1, 2), HashInput.SOURCE, connections, rate);
    }

    /** So many clients come; what is accepted of them in this turn. */
    private List<Fd> come(int clients) {
        kernel.clientsWaiting += clients;
        return turnOf(0);
    }

    private List<Fd> turnOf(long laterNs) {
        int before = kernel.made.size();
        at(laterNs);
        for (int events = 0; listener.registered && kernel.clientsWaiting > 0 && events < 100; events++) {
            event(listener, EPOLLIN);
        }
        tcp.serveWaiting();
        return List.copyOf(kernel.made.subList(before, kernel.made.size()));
    }

    private void reset(Fd fd) {
        event(fd, FAILED);
        tcp.serveWaiting();
    }

    @Test
    void shouldResetAClientThatIsDenied() {
        admission(
                ClientList.of(List.of(), List.of(IpPrefix.parse("127.0.0.0/8").orElseThrow()), true),
                perSource(1, null),
                null,
                5,
                5);
        Fd denied = come(1).get(0);
        assertTrue(denied.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_DENIED));
        assertEquals(0, tcp.openConnections());
    }

    @Test
    void shouldResetWhatASourceHasTooManyOfUntilOneHasEnded() {
        admission(ClientList.EVERYBODY, perSource(2, null), null, 50, 50);
        come(5);
        assertEquals(2, tcp.openConnections());
        assertEquals(3, counter(TcpCounter.CLOSED_SOURCE_CONNECTIONS));
        assertEquals(2, service.open());
        tcp.closeConnections();
        come(1);
        assertEquals(1, tcp.openConnections());
    }

    @Test
    void shouldResetASourceThatComesTooFast() {
        admission(ClientList.EVERYBODY, perSource(50, new TokenRate(160 * MS, 3)), null, 50, 50);
        come(5);
        assertEquals(3, tcp.openConnections());
        assertEquals(2, counter(TcpCounter.CLOSED_SOURCE_RATE));
        at(160 * MS);
        come(2);
        assertEquals(4, tcp.openConnections());
        assertEquals(3, counter(TcpCounter.CLOSED_SOURCE_RATE));
    }

    @Test
    void shouldLetInWithoutLimitAndSayHowManyWhenSourcesHaveNoRoom() {
        SourceTable full = new SourceTable(4, 0);
        SourceLimits limits = new SourceLimits(full, new FlowHash(1, 2), new HashInput(true, 32, 128), 1, null);
        Admission admission = new Admission(ClientList.EVERYBODY, limits, null, null, null);
        for (int i = 0; i < 8; i++) {
            admission.admit(0, i, 0);
        }
        admission(admission, Timeouts.NONE);
        come(3);
        assertEquals(3, tcp.openConnections());
        assertEquals(3, counter(TcpCounter.SOURCES_UNTRACKED));
        tcp.closeConnections();
        assertEquals(8, full.connections());
    }

    @Test
    void shouldLeaveClientsToTheKernelWhileTheServiceIsFullAndTakeOneForEachThatEnds() {
        admission(ClientList.EVERYBODY, null, null, 3, 50);
        List<Fd> made = come(10);
        assertEquals(3, tcp.openConnections());
        assertEquals(7, kernel.clientsWaiting);
        assertFalse(listener.registered, "epoll would say it again and again");
        assertTrue(tcp.waitNs() > 0, "nothing to do");
        Fd oldest = made.get(0);
        for (int left = 6; left >= 0; left--) {
            int before = kernel.made.size();
            reset(oldest);
            assertEquals(left, kernel.clientsWaiting);
            assertEquals(3, tcp.openConnections());
            oldest = kernel.made.get(before);
        }
        assertEquals(0, kernel.acceptsInVain);
        assertFalse(listener.registered);
        tcp.closeConnections();
        tcp.serveWaiting();
        assertTrue(listener.registered, "nobody is left: epoll says when somebody comes");
        assertEquals(1, kernel.acceptsInVain);
        assertEquals(1, counter(TcpCounter.HELD_BY_SERVICE));
    }

    @Test
    void shouldWaitForTheProcessWhenTheServiceHasRoom() {
        admission(ClientList.EVERYBODY, null, null, 50, 2);
        List<Fd> made = come(4);
        assertEquals(2, tcp.openConnections());
        assertEquals(2, service.open(), "no more than there are");
        assertEquals(1, counter(TcpCounter.HELD_BY_PROCESS));
        reset(made.get(0));
        assertEquals(1, kernel.clientsWaiting);
        assertEquals(2, process.open());
    }

    @Test
    void shouldRestUntilThereIsATokenAndNotBefore() {
        admission(ClientList.EVERYBODY, null, new RateLimit(bucket, new TokenRate(10 * MS, 2)), 50, 50);
        come(5);
        assertEquals(2, tcp.openConnections());
        assertFalse(listener.registered);
        assertEquals(10 * MS, tcp.waitNs());
        assertEquals(List.of(), turnOf(10 * MS - 1));
        turnOf(1);
        assertEquals(3, tcp.openConnections());
        turnOf(20 * MS);
        assertEquals(5, tcp.openConnections());
        assertTrue(listener.registered);
        assertTrue(counter(TcpCounter.HELD_BY_RATE) >= 2);
    }

    @Test
    void shouldNotChargeTheServiceForClientsThatAreRefused() {
        admission(ClientList.EVERYBODY, perSource(1, null), new RateLimit(bucket, new TokenRate(1000 * MS, 2)), 50, 50);
        come(20);
        assertEquals(1, tcp.openConnections());
        assertEquals(19, counter(TcpCounter.CLOSED_SOURCE_CONNECTIONS));
        assertEquals(0, counter(TcpCounter.HELD_BY_RATE));
    }

    @Test
    void shouldGoOnWhenTheNextTableHasMoreRoomOrNoLimit() {
        admission(ClientList.EVERYBODY, null, null, 1, 50);
        come(10);
        assertEquals(1, tcp.openConnections());
        admission(ClientList.EVERYBODY, null, null, 4, 50);
        assertEquals(4, tcp.openConnections());
        admission(Admission.OPEN, Timeouts.NONE);
        turnOf(0);
        assertEquals(10, tcp.openConnections());
        assertEquals(4, service.open(), "whoever came without a limit is not counted by one");
    }

    @Test
    void shouldLookAgainWhenTheNextTableIsFaster() {
        admission(ClientList.EVERYBODY, null, new RateLimit(bucket, new TokenRate(3_600_000 * MS, 1)), 50, 50);
        come(2);
        assertEquals(1, tcp.openConnections());
        admission(Admission.OPEN, Timeouts.NONE);
        turnOf(0);
        assertEquals(2, tcp.openConnections());
    }

    /** Accepting is paused then, by which none of the others rests any more. */
    @Test
    void shouldPauseWhenTheKernelRefusesToArmOneOfThoseThatRest() {
        assertEquals(0, tcp.listen(new ListenerSpec(0, new Endpoint(LOOPBACK, 81), false)));
        Fd other = kernel.last();
        assertEquals(0, tcp.startAccepting());
        admission(ClientList.EVERYBODY, null, new RateLimit(bucket, new TokenRate(10 * MS, 1)), 50, 50);
        kernel.clientsWaiting = 4;
        event(listener, EPOLLIN);
        event(listener, EPOLLIN);
        event(other, EPOLLIN);
        assertFalse(listener.registered || other.registered, "both rest");

        kernel.registerResults.add(-Errno.ENOMEM);
        at(10 * MS);
        assertEquals(1, counter(TcpCounter.ACCEPT_PAUSED));
        at(200 * MS);
        event(listener, EPOLLIN);
        event(listener, EPOLLIN);
        event(other, EPOLLIN);
        assertFalse(listener.registered || other.registered, "both rest again");

        kernel.registerResults.add(-Errno.ENOMEM);
        admission(Admission.OPEN, Timeouts.NONE);
        assertEquals(2, counter(TcpCounter.ACCEPT_PAUSED));
        at(200 * MS);
        assertTrue(listener.registered && other.registered);
    }

    @Test
    void shouldBeginAnewWhenAcceptingWasPausedMeanwhile() {
        admission(ClientList.EVERYBODY, null, null, 1, 50);
        List<Fd> made = come(3);
        assertFalse(listener.registered);
        tcp.pauseAccepting();
        reset(made.get(0));
        assertEquals(2, kernel.clientsWaiting, "paused");
        turnOf(200 * MS);
        assertEquals(1, kernel.clientsWaiting);
        assertEquals(1, tcp.openConnections());
    }

    @Test
    void shouldTakeWhatThereIsRoomForWhenItStops() {
        admission(ClientList.EVERYBODY, null, null, 2, 50);
        kernel.clientsWaiting = 5;
        tcp.stopAccepting();
        assertEquals(2, tcp.openConnections());
        tcp.closeConnections();
        tcp.serveWaiting();
        assertEquals(0, service.queue().waiting());
    }

    @Test
    void shouldResetAClientThatSendsNothing() {
        admission(Admission.OPEN, FIRST_BYTE_NS);
        relaying();
        at(FIRST_BYTE_NS - TICK_NS);
        assertEquals(1, tcp.openConnections());
        at(3 * TICK_NS);
        assertEquals(0, tcp.openConnections());
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_FIRST_BYTE_TIMEOUT));
    }

    @Test
    void shouldResetASilentClientThoughItsBackendSpoke() {
        admission(Admission.OPEN, FIRST_BYTE_NS);
        relaying();
        at(FIRST_BYTE_NS / 2);
        backend.reading(100);
        event(backend, EPOLLIN | EPOLLOUT);
        at(FIRST_BYTE_NS / 2 + 2 * TICK_NS);
        assertEquals(1, counter(TcpCounter.CLOSED_FIRST_BYTE_TIMEOUT));
    }

    @Test
    void shouldLeaveAClientThatSpokeToTheIdleTimeout() {
        admission(Admission.OPEN, FIRST_BYTE_NS);
        relaying();
        client.reading(1);
        event(client, EPOLLIN | EPOLLOUT);
        at(FIRST_BYTE_NS + 2 * TICK_NS);
        assertEquals(1, tcp.openConnections());
        at(IDLE_NS);
        at(IDLE_NS);
        assertEquals(1, counter(TcpCounter.CLOSED_IDLE_TIMEOUT));
    }
}
