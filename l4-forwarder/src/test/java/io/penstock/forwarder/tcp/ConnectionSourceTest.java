package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.PoolQueue;
import io.penstock.forwarder.table.SourceAddresses;
import io.penstock.linux.Errno;
import io.penstock.net.BindOptions;
import io.penstock.net.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From where backends are connected to, and what happens when there is no port or no address for it. */
class ConnectionSourceTest extends ConnectionScript {
    private static final long REST_NS = 100 * MS + TICK_NS;
    private static final int FIRST = 0x0a000105;
    private static final int SECOND = 0x0a000106;
    private static final SourceAddresses TWO = new SourceAddresses(
            List.of(IpAddress.ofIpv4(FIRST), IpAddress.ofIpv4(SECOND)), BindOptions.ANY_DEVICE, false, false);
    private static final SourceAddresses CLIENTS = new SourceAddresses(List.of(), BindOptions.ANY_DEVICE, true, false);
    private static final SourceAddresses FAST = new SourceAddresses(List.of(), BindOptions.ANY_DEVICE, false, true);

    private static final int LISTENERS_BIND = 1;

    private void from(SourceAddresses source, int backends) {
        table = table(backends, 3, IDLE_NS, PoolQueue.NONE, source);
        at(0);
    }

    private List<Integer> sources() {
        return kernel.boundAddresses.subList(LISTENERS_BIND, kernel.boundAddresses.size());
    }

    // ---- sources in turn

    @Test
    void shouldTakeSourcesInTurnAndGivePortsBack() {
        from(TWO, 1);
        accept();
        accept();
        accept();
        assertEquals(List.of(FIRST, SECOND, FIRST), sources());
        int three = 3;
        assertEquals(1, backends.get(0).portsLeft(0, three));
        assertEquals(2, backends.get(0).portsLeft(1, three));
        tcp.closeConnections();
        assertEquals(3, backends.get(0).portsLeft(0, three));
    }

    @Test
    void shouldTakeNextSourceWhenOneHasNoPortAndNotAskItAgainAtOnce() {
        from(TWO, 1);
        kernel.connectResults.add(-Errno.EADDRNOTAVAIL);
        accept();
        accept();
        accept();
        assertEquals(List.of(FIRST, SECOND, SECOND, SECOND), sources());
        assertEquals(0, counter(TcpCounter.PORTS_EXHAUSTED));
        at(REST_NS);
        accept();
        assertEquals(SECOND, sources().get(4));
        accept();
        assertEquals(FIRST, sources().get(5));
    }

    @Test
    void shouldSkipSourceThatThisHostDoesNotHave() {
        from(TWO, 1);
        kernel.bindResults.add(-Errno.EADDRNOTAVAIL);
        accept();
        assertEquals(List.of(FIRST, SECOND), sources());
        assertEquals(0, counter(TcpCounter.SOURCES_MISSING));
    }

    @Test
    void shouldResetClientAndBlameNoBackendWhenNoSourceIsThisHosts() {
        from(TWO, 2);
        for (int i = 0; i < 4; i++) {
            kernel.bindResults.add(-Errno.EADDRNOTAVAIL);
        }
        accept();
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_SOURCE));
        assertEquals(0, loads.stream().mapToLong(load -> load.connectFailures()).sum());
    }

    // ---- no port anywhere

    @Test
    void shouldRestAcceptingAndTryAgainWhenNoPortIsLeft() {
        from(SourceAddresses.KERNELS_CHOICE, 1);
        kernel.connectResults.add(-Errno.EADDRNOTAVAIL);
        accept();
        assertFalse(client.closed);
        assertFalse(listener.registered, "accepting rests");
        assertEquals(1, counter(TcpCounter.PORTS_EXHAUSTED));
        at(REST_NS);
        assertTrue(listener.registered);
        backend = kernel.last();
        event(backend, EPOLLOUT);
        assertEquals(1, counter(TcpCounter.CONNECTED));
        assertEquals(0, counter(TcpCounter.CONNECT_FAILED));
    }

    @Test
    void shouldResetClientWhenNoPortBecomesFreeInTime() {
        from(SourceAddresses.KERNELS_CHOICE, 2);
        for (int i = 0; i < 100; i++) {
            kernel.connectResults.add(-Errno.EADDRNOTAVAIL);
        }
        accept();
        int waits = 0;
        while (!client.closed && waits < 100) {
            at(REST_NS);
            waits++;
        }
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_NO_PORT));
        assertTrue(waits >= 19, "for as long as a connect may take: " + waits);
        int asked = 100 - kernel.connectResults.size();
        assertTrue(asked <= 2 * (waits + 1), "the kernel is asked for a port once a rest and backend: " + asked);
    }

    // ---- the client's own address

    @Test
    void shouldConnectFromClientsAddressWhenTransparent() {
        from(CLIENTS, 1);
        accept();
        assertEquals(List.of(0x7f000001), sources());
    }

    // ---- fast open

    @Test
    void shouldKeepWhatWentWithSynForNextBackendWhenRefused() {
        from(FAST, 2);
        kernel.sentAlready = new long[] {5};
        kernel.connectResults.add(0);
        kernel.connectResults.add(0);
        accept();
        assertTrue(backend.fastOpen && backend.noDelay && !backend.quickAckOff);
        assertEquals(5, backend.sent);
        assertEquals(0, counter(TcpCounter.BYTES_TO_BACKENDS), "not delivered before the backend is there");
        refuse();
        backend = kernel.last();
        assertEquals(5, backend.sent);
        event(backend, EPOLLOUT);
        assertEquals(1, backend.sends, "and not again");
        assertEquals(5, counter(TcpCounter.BYTES_TO_BACKENDS));
    }

    @Test
    void shouldSendRestWhenSynTookAPart() {
        from(FAST, 1);
        kernel.sentAlready = new long[] {5};
        kernel.connectResults.add(0);
        kernel.nextWrites.add(3L);
        accept();
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
        assertEquals(5, backend.sent);
        assertEquals(2, backend.sends);
        assertEquals(5, counter(TcpCounter.BYTES_TO_BACKENDS));
    }

    @Test
    void shouldConnectAsUsualWhenThereIsNoCookieYetOrNothingToSend() {
        from(FAST, 1);
        accept();
        assertFalse(backend.fastOpen);
        kernel.sentAlready = new long[] {5};
        accept();
        assertTrue(backend.fastOpen);
        assertEquals(0, backend.sent);
        event(backend, EPOLLOUT);
        assertEquals(5, backend.sent);
    }

    // ---- what it costs

    /** socket, TCP_NODELAY, connect and epoll_ctl for the backend; accept4, recv and epoll_ctl for the client. */
    @Test
    void shouldMakeNoCallMoreWhenNothingIsAskedFor() {
        at(0);
        kernel.calls = 0;
        accept();
        assertEquals(6, kernel.calls, "and socket, which names no descriptor");
    }
}
