package io.penstock.forwarder.udp;

import static io.penstock.forwarder.udp.RunningUdp.LOOPBACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Pools;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.SocketAddress;
import io.penstock.linux.SocketConstants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The room that sessions' sockets have, as the kernel says. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpBuffersTest {
    /** What a session has read at most when its batch is full. */
    private static final int FULL = 16;

    private static final int DATAGRAM_BYTES = 1_000;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final DatagramSockets sockets = new DatagramSockets(syscalls);

    @Test
    void shouldEnlargeBuffersOfASessionWhoseBatchComesBackFull() throws Exception {
        try (RawUdp server = new RawUdp("127.0.0.1");
                RawUdp client = new RawUdp("127.0.0.1");
                RunningUdp running = RunningUdp.start(RunningUdp.service(UdpOptions.DEFAULT, backend(server)))) {
            ask(client, running, server);
            int usual = receiveBuffer(server);
            replyWhileWorkerIsHeld(running, server, FULL - 1);
            running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, FULL - 1);
            assertEquals(usual, receiveBuffer(server));
            replyWhileWorkerIsHeld(running, server, FULL);
            running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, 2 * FULL - 1);
            assertTrue(receiveBuffer(server) > usual, () -> receiveBuffer(server) + " of " + usual);
        }
    }

    @Test
    void shouldEnlargeThemWhenFewMessagesHoldMuch() throws Exception {
        try (RawUdp server = new RawUdp("127.0.0.1");
                RawUdp client = new RawUdp("127.0.0.1");
                RunningUdp running = RunningUdp.start(RunningUdp.service(UdpOptions.DEFAULT, backend(server)))) {
            ask(client, running, server);
            int usual = receiveBuffer(server);
            server.reply(DATAGRAM_BYTES, 0, new byte[40 * DATAGRAM_BYTES]);
            running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, 40);
            assertTrue(receiveBuffer(server) > usual, () -> receiveBuffer(server) + " of " + usual);
        }
    }

    @Test
    void shouldLeaveThemWhereTheServiceHasTheKernels() throws Exception {
        UdpOptions options = new UdpOptions(
                false, UdpOptions.ANY, RunningUdp.SECOND_NS * 60, 0, UdpOptions.Fragmentation.AUTO, 0, 0);
        try (RawUdp server = new RawUdp("127.0.0.1");
                RawUdp client = new RawUdp("127.0.0.1");
                RunningUdp running = RunningUdp.start(RunningUdp.service(options, backend(server)))) {
            ask(client, running, server);
            int usual = receiveBuffer(server);
            replyWhileWorkerIsHeld(running, server, FULL);
            running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, FULL);
            assertEquals(usual, receiveBuffer(server));
        }
    }

    /** The socket is another one then. */
    @Test
    void shouldEnlargeThemAgainAtAnotherBackend() throws Exception {
        try (RawUdp first = new RawUdp("127.0.0.1");
                RawUdp second = new RawUdp("127.0.0.2");
                RawUdp client = new RawUdp("127.0.0.1")) {
            Backend lost = backend(first);
            try (RunningUdp running = RunningUdp.start(RunningUdp.service(UdpOptions.DEFAULT, lost))) {
                ask(client, running, first);
                int usual = receiveBuffer(first);
                first.reply(DATAGRAM_BYTES, 0, new byte[40 * DATAGRAM_BYTES]);
                running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, 40);
                lost.load().lostSince(System.nanoTime());
                running.publish(RunningUdp.service(UdpOptions.DEFAULT, backend(second)));
                ask(client, running, second);
                assertEquals(usual, receiveBuffer(second));
                second.reply(DATAGRAM_BYTES, 0, new byte[40 * DATAGRAM_BYTES]);
                running.awaitCounter(UdpCounter.DATAGRAMS_TO_CLIENTS, 80);
                assertTrue(receiveBuffer(second) > usual, () -> receiveBuffer(second) + " of " + usual);
            }
        }
    }

    private static void ask(RawUdp client, RunningUdp running, RawUdp server) {
        client.send(LOOPBACK, running.port, 1, 0, (byte) 1);
        server.receive();
    }

    /** So that it finds them all at once. */
    private static void replyWhileWorkerIsHeld(RunningUdp running, RawUdp server, int datagrams) throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        assertTrue(running.worker.proxy().tryFind((list, index) -> false, found -> {
            held.countDown();
            await(released);
        }));
        held.await();
        for (int i = 0; i < datagrams; i++) {
            server.reply(1, 0, (byte) i);
        }
        released.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Backend backend(RawUdp server) {
        return Pools.backend("b" + server.port(), server.address(), server.port(), 1);
    }

    /** Of the session's socket that the server was asked from last. */
    private int receiveBuffer(RawUdp server) {
        List<Integer> found = openDescriptors().stream()
                .filter(fd -> isAt(fd, server.received.sourcePort(0)))
                .map(this::receiveBuffer)
                .toList();
        assertEquals(1, found.size());
        return found.get(0);
    }

    private boolean isAt(int fd, int port) {
        if (!sockets.isDatagram(fd)) {
            return false;
        }
        SocketAddress local = sockets.local(fd);
        return local != null && local.port() == port;
    }

    private int receiveBuffer(int fd) {
        UnsafeBuffer value = new UnsafeBuffer(BufferUtil.allocateDirectAligned(16, Long.BYTES));
        value.putInt(8, Integer.BYTES, ByteOrder.nativeOrder());
        assertEquals(
                0,
                syscalls.getsockopt(
                        fd,
                        SocketConstants.SOL_SOCKET,
                        SocketConstants.SO_RCVBUF,
                        value.addressOffset(),
                        value.addressOffset() + 8));
        return value.getInt(0, ByteOrder.nativeOrder());
    }

    private static List<Integer> openDescriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(fd -> Integer.parseInt(fd.getFileName().toString())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
