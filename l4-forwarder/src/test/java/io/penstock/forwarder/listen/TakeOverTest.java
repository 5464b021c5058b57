package io.penstock.forwarder.listen;

import static io.penstock.forwarder.listen.RunningWorkers.connect;
import static io.penstock.forwarder.listen.RunningWorkers.freePort;
import static io.penstock.forwarder.listen.RunningWorkers.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.DescriptorMessage;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.PacketSockets;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two sets of workers in one process, where the second takes over from the first, or does not get that far. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class TakeOverTest {
    private static final int CLIENTS = 30;
    /** More than fits into one message. */
    private static final int OVERRIDES = 3 * TakeOverConnection.MAX_TEXT_HERE;

    @TempDir
    Path directory;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final PacketSockets sockets = new PacketSockets(syscalls);

    /** One that runs, and can be asked. */
    private final class Running implements AutoCloseable, TakeOverServer.Owner {
        private final RunningWorkers workers;
        private final AtomicInteger released = new AtomicInteger();
        private final AtomicInteger handedOver = new AtomicInteger();
        private volatile Runnable onLetGo = () -> {};
        private final AtomicInteger takenBack = new AtomicInteger();
        private final ListenerSet listeners;
        private final TakeOverServer server;

        private Running(int count, List<ListenerSpec> specs) throws Exception {
            workers = new RunningWorkers(count).start();
            Succession succession = new Succession(syscalls, Optional.of(path()), false, Map.of());
            succession.meet();
            listeners = workers.listeners(succession.sockets());
            listeners.prepare(specs).commit();
            server = succession.offer(listeners, workers.proxies(), this).orElseThrow();
        }

        @Override
        public String overrides() {
            return "x".repeat(OVERRIDES) + released.get();
        }

        @Override
        public void takeBack() {
            takenBack.incrementAndGet();
        }

        @Override
        public void letGo() {
            onLetGo.run();
            released.incrementAndGet();
        }

        @Override
        public void onHandedOver(int pid) {
            handedOver.incrementAndGet();
        }

        void assertServes(int port) throws IOException {
            for (int i = 0; i < CLIENTS; i++) {
                try (Socket client = connect(port)) {
                    workers.assertServed(client, 0);
                }
            }
            assertEquals(0, released.get());
            assertEquals(0, handedOver.get());
            assertTrue(Files.exists(path()));
        }

        @Override
        public void close() throws IOException {
            server.close();
            workers.close();
        }
    }

    /** Of a process that knows no backends, for one that has no sessions. */
    private SessionHeir heir(ListenerSet listeners, RunningWorkers workers) {
        return new SessionHeir(syscalls, listeners, workers.proxies(), Map.of());
    }

    private Path path() {
        return directory.resolve("forwarder.sock");
    }

    @Test
    void shouldHandOverEverySocketAndLoseNobody() throws Exception {
        int kept = freePort();
        int dropped = freePort();
        int added = freePort();
        try (Running old = new Running(2, List.of(spec(0, kept), spec(0, dropped)));
                RunningWorkers next = new RunningWorkers(3)) {
            old.assertServes(kept);
            Succession succession = new Succession(syscalls, Optional.of(path()), true, Map.of());
            succession.meet();
            assertEquals(4, succession.sockets().count());
            assertEquals(Optional.of("x".repeat(OVERRIDES) + "0"), succession.overrides());
            ListenerSet listeners = next.listeners(succession.sockets());
            listeners.prepare(List.of(spec(1, kept), spec(1, added))).commit();
            succession.confirm(heir(listeners, next));
            RunningWorkers.await(() -> old.handedOver.get() == 1);
            assertEquals(1, old.released.get());
            assertEquals(Optional.of("x".repeat(OVERRIDES) + "1"), succession.overrides(), "as they were in the end");
            old.server.close();
            // Whom the old one has not taken stands in the queues that both have.
            old.workers.proxies().forEach(WorkerProxy::tryDrain);
            RunningWorkers.await(() -> !old.workers.listens(dropped));
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(connect(kept));
            }
            next.start();
            next.assertServed(clients, 1);
            assertTrue(next.listens(added));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
            succession.abandon();
            assertFalse(Files.exists(path()));
        }
    }

    @Test
    void shouldGoOnWhateverANewerProcessDoesBeforeItIsReady() throws Exception {
        int port = freePort();
        try (Running old = new Running(2, List.of(spec(0, port)))) {
            // It connects, and ends.
            syscalls.close(sockets.connect(path()));
            old.assertServes(port);
            // It asks, and ends.
            TakeOverConnection asks = new TakeOverConnection(syscalls, sockets.connect(path()));
            asks.say(TakeOverConnection.Word.HELLO);
            asks.close();
            old.assertServes(port);
            // It has the sockets, and workers that listen, and ends.
            Succession succession = new Succession(syscalls, Optional.of(path()), true, Map.of());
            succession.meet();
            try (RunningWorkers next = new RunningWorkers(2)) {
                next.listeners(succession.sockets())
                        .prepare(List.of(spec(0, port)))
                        .abandon();
            }
            succession.abandon();
            old.assertServes(port);
        }
    }

    /** It says that it is ready, and ends before it hears that the running one has let go. */
    @Test
    void shouldTakeBackWhatItLetGoWhenTheNewerProcessIsGoneAfterAll() throws Exception {
        int port = freePort();
        try (Running old = new Running(1, List.of(spec(0, port)))) {
            TakeOverConnection newer = new TakeOverConnection(syscalls, sockets.connect(path()));
            newer.say(TakeOverConnection.Word.HELLO);
            newer.receiveSockets().forEach(syscalls::close);
            assertFalse(newer.receiveOverrides().isEmpty());
            old.onLetGo = newer::close;
            newer.say(TakeOverConnection.Word.READY);
            RunningWorkers.await(() -> old.takenBack.get() == 1 && Files.exists(path()));
            assertEquals(1, old.released.get());
            assertEquals(0, old.handedOver.get());
            try (Socket client = connect(port)) {
                old.workers.assertServed(client, 0);
            }
            // And lets the next one take over.
            Succession succession = new Succession(syscalls, Optional.of(path()), true, Map.of());
            succession.meet();
            assertEquals(1, succession.sockets().count());
            succession.abandon();
        }
    }

    @Test
    void shouldTellANewerProcessOfAnotherVersionAndGoOn() throws Exception {
        int port = freePort();
        try (Running old = new Running(1, List.of(spec(0, port)))) {
            int fd = sockets.connect(path());
            DescriptorMessage hello = new DescriptorMessage(syscalls, 24);
            hello.content().putLong(0, 0x6b636f74736e6550L);
            hello.content().putInt(8, 2);
            assertEquals(24, hello.send(fd, 24, List.of()));
            TakeOverConnection connection = new TakeOverConnection(syscalls, fd);
            TakeOverException refused =
                    assertThrows(TakeOverException.class, () -> connection.await(TakeOverConnection.Word.SOCKETS));
            assertEquals("the running forwarder refuses; its log says why", refused.getMessage());
            connection.close();
            old.assertServes(port);
        }
    }

    @Test
    void shouldGoOnWhenAPeerTalksNonsenseOrSendsDescriptors() throws Exception {
        int port = freePort();
        Random random = new Random(1);
        try (Running old = new Running(1, List.of(spec(0, port)))) {
            for (int i = 0; i < 200; i++) {
                int fd = sockets.connect(path());
                assertTrue(fd >= 0);
                DescriptorMessage message = new DescriptorMessage(syscalls, 4096);
                byte[] nonsense = new byte[random.nextInt(1, 64)];
                random.nextBytes(nonsense);
                message.content().putBytes(0, nonsense);
                List<Integer> fds =
                        IntStream.range(0, random.nextInt(3)).mapToObj(n -> fd).toList();
                message.send(fd, nonsense.length, fds);
                syscalls.close(fd);
            }
            old.assertServes(port);
        }
    }

    /** Each header is right but for what it says of the text that comes with it. */
    @Test
    void shouldRefuseOverridesThatAreNotAsAnnounced() throws Exception {
        assertEquals("abc", overrides(message(3, 2, "ab"), message(3, 1, "c")));
        for (byte[][] wrong : new byte[][][] {
            {message(0, 0, "")},
            {message(3, 0, "")},
            {message(3, 3, "ab")},
            {message(3, 2, "abc")},
            {message(2, 3, "abc")},
            {message(3, 2, "ab"), message(3, 2, "cd")},
            {message(-1, 1, "a")},
            {message(TakeOverConnection.MAX_TEXT + 1, 1, "a")},
        }) {
            TakeOverException refused = assertThrows(TakeOverException.class, () -> overrides(wrong));
            assertEquals("not what was to come: expected OVERRIDES", refused.getMessage());
        }
        TakeOverException cut = assertThrows(TakeOverException.class, () -> overrides(message(3, 2, "ab")));
        assertTrue(cut.isGone());
    }

    /** Of a text in so many octets in all, these. */
    private static byte[] message(int total, int here, String text) {
        ByteBuffer message = ByteBuffer.allocate(24 + text.length()).order(ByteOrder.LITTLE_ENDIAN);
        message.putLong(0x6b636f74736e6550L).putInt(TakeOverConnection.VERSION).putInt(5);
        message.putInt(total).putInt(here).put(text.getBytes(StandardCharsets.US_ASCII));
        return message.array();
    }

    /** What is made of these messages, and the end of the connection. */
    private String overrides(byte[]... messages) throws Exception {
        TakeOverSocket server = TakeOverSocket.listen(syscalls, path());
        int client = sockets.connect(path());
        try (TakeOverConnection receiver = new TakeOverConnection(syscalls, server.accept())) {
            DescriptorMessage sent = new DescriptorMessage(syscalls, 64);
            for (byte[] message : messages) {
                sent.content().putBytes(0, message);
                assertEquals(message.length, sent.send(client, message.length, List.of()));
            }
            syscalls.close(client);
            return receiver.receiveOverrides();
        } finally {
            server.close();
        }
    }

    @Test
    void shouldPassOnMoreSocketsThanOneMessageHolds() throws Exception {
        List<ListenerSpec> specs = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            specs.add(spec(0, freePort()));
        }
        List<ListenerSpec> distinct = specs.stream().distinct().toList();
        try (Running old = new Running(2, distinct)) {
            Succession succession = new Succession(syscalls, Optional.of(path()), true, Map.of());
            succession.meet();
            assertEquals(2 * distinct.size(), succession.sockets().count());
            succession.abandon();
            old.assertServes(distinct.get(0).endpoint().port());
        }
    }

    @Test
    void shouldCarryOnAloneWhenTheOlderProcessEndsBeforeItHasLetGo() throws Exception {
        int port = freePort();
        Running old = new Running(1, List.of(spec(0, port)));
        Succession succession = new Succession(syscalls, Optional.of(path()), true, Map.of());
        try (RunningWorkers next = new RunningWorkers(1).start()) {
            succession.meet();
            ListenerSet listeners = next.listeners(succession.sockets());
            listeners.prepare(List.of(spec(1, port))).commit();
            old.close();
            succession.confirm(heir(listeners, next));
            try (Socket client = connect(port)) {
                next.assertServed(client, 1);
            }
            assertEquals(Optional.of("x".repeat(OVERRIDES) + "0"), succession.overrides(), "all that is known");
        }
        succession.abandon();
    }

    @Test
    void shouldReplaceAStaleSocketAndNothingElse() throws Exception {
        int stale = sockets.bind(path());
        syscalls.close(stale);
        assertTrue(Files.exists(path()));
        TakeOverSocket socket = TakeOverSocket.listen(syscalls, path());
        TakeOverException taken = assertThrows(TakeOverException.class, () -> TakeOverSocket.listen(syscalls, path()));
        assertEquals(
                "another process listens on " + path() + "; to take over from it, use --take-over", taken.getMessage());
        socket.close();
        assertFalse(Files.exists(path()));
        Files.writeString(path(), "precious");
        TakeOverException file = assertThrows(TakeOverException.class, () -> TakeOverSocket.listen(syscalls, path()));
        assertEquals("cannot listen on " + path() + ": there is something else", file.getMessage());
        assertEquals("precious", Files.readString(path()));
    }

    @Test
    void shouldSayThatTheDirectoryIsMissing() {
        Path lost = directory.resolve("lost").resolve("forwarder.sock");
        TakeOverException missing = assertThrows(
                TakeOverException.class, () -> new Succession(syscalls, Optional.of(lost), false, Map.of()));
        assertEquals("take-over.socket: there is no directory " + lost.getParent(), missing.getMessage());
    }

    @Test
    void shouldStartAloneWhenNobodyRuns() throws Exception {
        Succession succession = new Succession(syscalls, Optional.of(path()), true, Map.of());
        succession.meet();
        assertEquals(0, succession.sockets().count());
        assertEquals(Optional.empty(), succession.overrides());
        try (RunningWorkers alone = new RunningWorkers(1)) {
            succession.confirm(heir(alone.listeners(succession.sockets()), alone));
        }
        assertTrue(Files.exists(path()));
        succession.abandon();
    }
}
