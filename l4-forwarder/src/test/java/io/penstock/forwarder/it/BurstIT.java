package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand clients that are all in the kernel's queue before the first is accepted. Relaying all of them at one time
 * would take 20,000 descriptors of the forwarder and as many of this process; so the forwarder gets fewer, and while it has
 * none left the rest wait in the queue.
 */
@Timeout(120)
class BurstIT {
    private static final int BURST = 10_000;
    private static final int DESCRIPTORS = 8_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void shouldServeTenThousandClientsThatWaitToBeAccepted() throws Exception {
        List<String> limited = List.of(
                "sh", "-c", "ulimit -S -n %1$d && ulimit -H -n %1$d && exec \"$@\"".formatted(DESCRIPTORS), "sh");
        try (NetworkNamespace net = NetworkNamespace.create()) {
            net.set("core/somaxconn", 2 * BURST);
            try (TestBackend backend = net.call(() -> TestBackend.running(TestBackend.saying("1")));
                    ForwarderProcess forwarder = net.call(() -> ForwarderProcess.start(
                            directory,
                            ForwarderYaml.of(port, backend).top("workers: 1").text(),
                            limited,
                            Map.of()))) {
                long descriptors = forwarder.descriptorLimit();
                assertEquals(DESCRIPTORS, descriptors);
                int before = forwarder.openKernelObjects();
                forwarder.freeze();
                List<SocketChannel> clients = net.call(this::connectAll);
                forwarder.thaw();
                assertEquals(BURST, readToEnd(clients));
                forwarder.awaitKernelObjects(before);
                assertEquals(0, forwarder.stop());
                assertEquals(BURST, forwarder.total("accepted"));
                assertEquals(BURST, forwarder.total("closed_completed"));
                assertEquals(BURST, backend.accepted());
                System.out.printf(
                        "BurstIT: %d clients queued, %d descriptors, accepting paused %d times%n",
                        BURST, descriptors, forwarder.total("accept_paused"));
            }
        }
    }

    /** Each is established by the kernel, since the queue has room for all. */
    private List<SocketChannel> connectAll() throws Exception {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            SocketChannel client = SocketChannel.open();
            client.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 10);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            clients.add(client);
        }
        return clients;
    }

    /** How many got one byte and then the end of the stream. */
    private static int readToEnd(List<SocketChannel> clients) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(16);
        int answered = 0;
        int open = clients.size();
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        try (Selector selector = Selector.open()) {
            for (SocketChannel client : clients) {
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ, new int[1]);
            }
            while (open > 0) {
                assertTrue(System.nanoTime() < deadlineNs, "answered " + answered);
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    SocketChannel client = (SocketChannel) key.channel();
                    int[] bytes = (int[]) key.attachment();
                    int length = client.read(buffer.clear());
                    bytes[0] += Math.max(length, 0);
                    if (length < 0) {
                        answered += bytes[0] == 1 ? 1 : 0;
                        open--;
                        client.close();
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        return answered;
    }
}
