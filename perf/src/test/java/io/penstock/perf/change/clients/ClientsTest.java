package io.penstock.perf.change.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.change.clients.MalformedHeaders.Malformed;
import io.penstock.perf.load.Backend;
import io.penstock.perf.load.TestProxy;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ClientsTest {
    private static final int LOCALHOST = 0x7f000001;
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final TestProxy.Mischief NONE = (number, bytes) -> {};

    private final ClientLoop loop = new ClientLoop();
    private int port;
    private int backendPort;
    private Backend backend;
    private TestProxy proxy;

    @BeforeEach
    void startBackend() throws IOException, InterruptedException {
        List<Integer> ports = LoopbackPorts.pick(2);
        port = ports.get(0);
        backendPort = ports.get(1);
        backend = loop.make(events -> new Backend(events, local(backendPort)));
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
        if (proxy != null) {
            proxy.close();
        }
    }

    @Test
    void shouldServeNewConnectionsAtARate() throws IOException, InterruptedException {
        NewConnections connections = loop.begin(
                events -> NewConnections.atRate(events, local(backendPort), List.of(source(7), source(8)), 1_000));
        await(() -> connections.seen().served() >= 100);
        loop.call(() -> {
            connections.stop();
            return connections;
        });
        await(connections::isQuiet);
        NewConnections.Seen seen = loop.call(connections::seen);
        assertEquals(0, seen.failed(), seen.reasons());
        assertEquals(seen.offered(), seen.served());
        assertEquals(seen.served(), loop.call(backend::accepted));
    }

    @Test
    void shouldKeepAsManyUnderWayAsAskedFor() throws IOException, InterruptedException {
        NewConnections connections =
                loop.begin(events -> NewConnections.asFastAsPossible(events, local(backendPort), 8));
        await(() -> connections.seen().served() >= 500);
        NewConnections.Seen seen = loop.call(connections::seen);
        assertEquals(0, seen.failed(), seen.reasons());
        assertTrue(seen.offered() - seen.served() <= 8);
    }

    @Test
    void shouldCountNewConnectionsThatAreRefused() throws IOException, InterruptedException {
        NewConnections connections = loop.begin(events -> NewConnections.atRate(events, local(port), List.of(), 1_000));
        await(() -> connections.seen().failed() >= 10);
        assertTrue(loop.call(connections::seen).reasons().contains("ECONNREFUSED"));
        assertEquals(0, loop.call(connections::seen).served());
    }

    @Test
    void shouldCountWrongAnswers() throws IOException, InterruptedException {
        proxy = new TestProxy(port, backendPort, (number, bytes) -> {
            if (number == 3) {
                bytes[40]++;
            }
        });
        NewConnections connections = loop.begin(events -> NewConnections.atRate(events, local(port), List.of(), 200));
        await(() -> connections.seen().served() >= 20);
        assertEquals("1 wrong bytes", loop.call(connections::seen).reasons());
        loop.end(connections);
    }

    @Test
    void shouldCountLongConnectionsThatBreakAndOpenThemAgain() throws IOException, InterruptedException {
        proxy = new TestProxy(port, backendPort, NONE);
        LongConnections.Group group = new LongConnections.Group(true);
        LongConnections longs = open(group, local(port), 5);
        await(() -> group.open() == 5);
        proxy.cut(2);
        await(() -> group.opened() == 6 && group.open() == 5);
        assertEquals(1, loop.call(() -> group.breaks().count()));
        assertEquals(1, loop.call(() -> group.lifetimes().count()));
        int before = loop.call(group::exchanges);
        await(() -> group.exchanges() >= before + 50);
        assertEquals(1, loop.call(() -> group.breaks().count()));
        assertEquals(0, loop.call(() -> group.refusals().count()));
        loop.end(longs);
    }

    @Test
    void shouldLeaveLongConnectionsOfOtherGroupsClosed() throws IOException, InterruptedException {
        proxy = new TestProxy(port, backendPort, NONE);
        LongConnections.Group group = new LongConnections.Group(false);
        LongConnections longs = open(group, local(port), 3);
        await(() -> group.open() == 3);
        proxy.cut(0);
        await(() -> group.open() == 2);
        int before = loop.call(group::exchanges);
        await(() -> group.exchanges() >= before + 20);
        assertEquals(3, loop.call(group::opened));
        loop.call(() -> {
            longs.closeAnswered(group);
            return group;
        });
        assertEquals(0, loop.call(group::open));
        assertEquals(1, loop.call(() -> group.breaks().count()));
        loop.end(longs);
    }

    @Test
    void shouldCountLongConnectionsThatCannotBeOpened() throws IOException, InterruptedException {
        LongConnections.Group group = new LongConnections.Group(false);
        open(group, local(port), 4);
        await(() -> group.refusals().count() == 4);
        assertEquals(0, loop.call(() -> group.breaks().count()));
        assertEquals(4, loop.call(group::asked));
    }

    @Test
    void shouldNoticeWhenSilentConnectionsAreClosed() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress())) {
            SilentConnections silent = loop.begin(events -> new SilentConnections(events, local(port), 3));
            try (Socket first = server.accept();
                    Socket second = server.accept()) {
                await(silent::isAllBegun);
                assertEquals(3, loop.call(silent::open));
                first.shutdownOutput();
                second.shutdownOutput();
                await(() -> silent.open() == 1);
            }
            assertEquals(2, loop.call(() -> silent.lifetimes().count()));
        }
    }

    @Test
    void shouldFloodFromOneSource() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress())) {
            Flood flood = loop.begin(events -> new Flood(events, local(port), source(9)));
            for (int i = 0; i < 20; i++) {
                try (Socket refused = server.accept()) {
                    assertEquals("127.0.0.10", refused.getInetAddress().getHostAddress());
                }
            }
            await(() -> flood.refused() >= 20);
            loop.end(flood);
        }
    }

    @Test
    void shouldTellWhoWasClosedFromWhoWasAnswered() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress())) {
            MalformedHeaders headers = loop.begin(events -> new MalformedHeaders(
                    events, local(port), () -> new Malformed(new byte[] {'P', 'R', 'O', 'X'}, false)));
            try (Socket closed = server.accept();
                    Socket answered = server.accept()) {
                assertEquals(4, closed.getInputStream().readAllBytes().length);
                answered.getOutputStream().write('!');
                assertEquals(4, answered.getInputStream().readAllBytes().length);
                await(() -> headers.failures().count() == 1);
            }
            await(() -> headers.closed() == 1);
            assertEquals("1 answered", loop.call(() -> headers.failures().toString()));
            loop.end(headers);
        }
    }

    @Test
    void shouldFailCallsOnceTheThreadDied() throws IOException, InterruptedException {
        loop.begin(events -> new Activity() {
            @Override
            public void onTurn(long nowNs) {
                throw new IllegalStateException("a bug");
            }

            @Override
            public void end() {}
        });
        IOException failure = assertThrows(IOException.class, () -> await(() -> false));
        assertTrue(failure.getMessage().contains("a bug"), failure.getMessage());
    }

    private LongConnections open(LongConnections.Group group, Endpoint target, int count)
            throws IOException, InterruptedException {
        LongConnections longs = loop.begin(events -> new LongConnections(events, INTERVAL_NS, WAIT_NS));
        loop.call(() -> {
            longs.open(group, target, count);
            return longs;
        });
        return longs;
    }

    private void await(ClientLoop.Condition condition) throws IOException, InterruptedException {
        assertTrue(loop.await(condition, WAIT_NS), "in time");
    }

    private static Endpoint local(int port) {
        return new Endpoint(IpAddress.ofIpv4(LOCALHOST), port);
    }

    private static IpAddress source(int number) {
        return IpAddress.ofIpv4(LOCALHOST + number);
    }
}
