package io.penstock.forwarder.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ForwardingTable;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.forwarder.table.Timeouts;
import io.penstock.linux.Epoll;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An elephant beside mice, over real sockets, counted in turns of the loop that the test makes itself: before each turn the
 * elephant's sender has filled its socket and its receiver emptied its own, so that it could always move more.
 */
@Timeout(60)
class FairnessTest {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1").orElseThrow();
    private static final long SECOND_NS = 1_000_000_000;
    private static final int MICE = 20;
    private static final int ROUND_TRIPS = 100;
    /** Two when spliced, and the rounding up to whole reads; the kernel's buffers hold several times as much. */
    private static final long BYTES_PER_TURN_MAX = 5L << 19;
    /** One, mostly; loopback's packets may have to wait for the kernel's own thread. */
    private static final int TURNS_PER_MESSAGE_MAX = 10;

    private final List<SocketChannel> opened = new ArrayList<>();
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
    private Epoll epoll;
    private TcpForwarder tcp;
    private ServerSocketChannel backends;
    private ForwardingTable table;
    private InetSocketAddress front;
    private Pair elephant;
    private long elephantTurnBytesMax;
    private int turns;

    private record Pair(SocketChannel client, SocketChannel server) {}

    @Test
    void shouldServeMiceInEveryTurnWhileAnElephantStreams() throws IOException {
        LinuxSyscalls syscalls = new LinuxSyscalls();
        epoll = new Epoll(syscalls);
        try (ServerSocketChannel backendListener = ServerSocketChannel.open()) {
            backends = backendListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            backends.configureBlocking(false);
            table = table(port(backends));
            tcp = new TcpForwarder(syscalls, epoll, () -> {}, table, true, System.nanoTime());
            listen();
            elephant = open();
            List<Pair> mice = new ArrayList<>();
            for (int i = 0; i < MICE; i++) {
                mice.add(open());
            }
            turns = 0;
            long before = tcp.counters().value(TcpCounter.BYTES_TO_BACKENDS);
            for (int i = 0; i < ROUND_TRIPS; i++) {
                for (Pair mouse : mice) {
                    say(mouse.client());
                }
                for (Pair mouse : mice) {
                    hear(mouse.server());
                    say(mouse.server());
                }
                for (Pair mouse : mice) {
                    hear(mouse.client());
                }
            }
            int passes = 2 * ROUND_TRIPS;
            assertTrue(turns <= passes * TURNS_PER_MESSAGE_MAX, () -> turns + " turns for " + passes + " messages");
            assertTrue(elephantTurnBytesMax <= BYTES_PER_TURN_MAX, () -> elephantTurnBytesMax + " bytes in one turn");
            long streamed = tcp.counters().value(TcpCounter.BYTES_TO_BACKENDS) - before;
            assertTrue(streamed >= turns * (64L << 10), () -> "the elephant starved: " + streamed + " bytes");
        } finally {
            for (SocketChannel socket : opened) {
                socket.close();
            }
            tcp.close();
            epoll.close();
        }
    }

    /** Port 0 would not say which port it became, so one that was free a moment ago. */
    private void listen() throws IOException {
        for (int result = -1; result < 0; ) {
            try (ServerSocketChannel free = ServerSocketChannel.open()) {
                front = new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        port(free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
            }
            result = tcp.listen(new ListenerSpec(0, new Endpoint(LOOPBACK, front.getPort()), false));
        }
        assertEquals(0, tcp.startAccepting());
    }

    private static int port(ServerSocketChannel listener) {
        return listener.socket().getLocalPort();
    }

    private static ForwardingTable table(int backendPort) {
        List<Backend> backends = List.of(Pools.backend("b", LOOPBACK, backendPort, 1));
        BackendPool pool = Pools.maglev(1009, backends);
        return new ForwardingTable(
                1,
                List.of(new Service(
                        "web",
                        pool,
                        1,
                        new Timeouts(30 * SECOND_NS, 60 * SECOND_NS, 60 * SECOND_NS),
                        TcpOptions.KERNEL_DEFAULTS)));
    }

    private Pair open() throws IOException {
        SocketChannel client = SocketChannel.open(front);
        opened.add(client);
        SocketChannel server = backends.accept();
        while (server == null) {
            turn();
            server = backends.accept();
        }
        opened.add(server);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.configureBlocking(false);
        server.configureBlocking(false);
        return new Pair(client, server);
    }

    private static void say(SocketChannel socket) throws IOException {
        assertEquals(1, socket.write(ByteBuffer.allocate(1)));
    }

    private void hear(SocketChannel socket) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(2);
        while (message.position() == 0) {
            assertTrue(socket.read(message) >= 0);
            if (message.position() == 0) {
                turn();
            }
        }
        assertEquals(1, message.position());
    }

    /** As the worker has them, but that it never waits; feeds the elephant first. */
    private void turn() throws IOException {
        if (elephant != null) {
            while (elephant.server().read(chunk.clear()) > 0) {
                // Thrown away.
            }
            while (elephant.client().write(chunk.clear()) > 0) {
                // Until the kernel takes no more.
            }
        }
        long before = tcp.counters().value(TcpCounter.BYTES_TO_BACKENDS);
        int count = epoll.await(0);
        int queued = tcp.queued();
        tcp.onTurn(table, System.nanoTime());
        for (int i = 0; i < count; i++) {
            tcp.onEvent(epoll.token(i), epoll.events(i));
        }
        tcp.runQueued(queued);
        tcp.expire();
        turns++;
        elephantTurnBytesMax =
                Math.max(elephantTurnBytesMax, tcp.counters().value(TcpCounter.BYTES_TO_BACKENDS) - before - MICE);
    }
}
