package io.penstock.forwarder.listen;

import static io.penstock.linux.FcntlConstants.F_DUPFD_CLOEXEC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.listen.TakeOverConnection.Word;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.udp.UdpCounter;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.PacketSockets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UDP sessions from one set of workers to another one, in one process, whose clients and backend the test plays. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class UdpTakeOverTest {
    private static final int TIMEOUT_MS = 20_000;
    /** More than go into one message, and more than a worker takes in one step. */
    private static final int CLIENTS = 300;

    @TempDir
    Path directory;

    private final int port = RunningWorkers.freePort();
    private final List<Client> clients = new ArrayList<>();
    private DatagramSocket backend;

    /** A client, and from where the backend sees it. */
    private final class Client {
        private final DatagramSocket socket = socket();
        private SocketAddress seen;

        private Client() throws IOException {}

        private void send(int value) throws IOException {
            byte[] payload = {(byte) value};
            socket.send(new DatagramPacket(
                    payload, 1, new InetSocketAddress(InetAddress.getLoopbackAddress(), UdpTakeOverTest.this.port)));
        }
    }

    @BeforeEach
    void open() throws IOException {
        backend = socket();
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.socket.close());
        backend.close();
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setReceiveBufferSize(4 << 20);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[16], 16);
        socket.receive(packet);
        return packet;
    }

    /** Each opens a session, and is answered. */
    private void connectClients(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Client client = new Client();
            clients.add(client);
            client.send(i);
            DatagramPacket request = receive(backend);
            client.seen = request.getSocketAddress();
            reply(client, i);
            assertEquals((byte) i, receive(client.socket).getData()[0]);
        }
    }

    private void reply(Client client, int value) throws IOException {
        byte[] payload = {(byte) value};
        backend.send(new DatagramPacket(payload, 1, client.seen));
    }

    /** What they send comes to the backend from where it came before, and the answer to them. */
    private void assertAllGoOn(String when) throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            client.send(i);
            DatagramPacket request = receive(backend);
            assertEquals(client.seen, request.getSocketAddress(), () -> when + ": its session's address");
            reply(client, i);
            assertEquals((byte) i, receive(client.socket).getData()[0], when);
        }
    }

    /** Datagrams to the backend and to each client that nobody reads yet. */
    private void sendBothWays() throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).send(i);
            reply(clients.get(i), i);
        }
    }

    private void assertAllArrived() throws IOException {
        List<SocketAddress> expected =
                new ArrayList<>(clients.stream().map(client -> client.seen).toList());
        for (int i = 0; i < clients.size(); i++) {
            assertTrue(expected.remove(receive(backend).getSocketAddress()), "from each once");
        }
        for (Client client : clients) {
            receive(client.socket);
        }
    }

    /** One that runs, and can be asked. */
    private final class Running implements AutoCloseable, TakeOverServer.Owner {
        private final UdpWorkers workers;
        private final ListenerSet listeners;
        private final TakeOverServer server;
        private final AtomicInteger takenBack = new AtomicInteger();
        private final AtomicInteger handedOver = new AtomicInteger();

        private Running(int count, List<ListenerSpec> specs) throws Exception {
            workers = new UdpWorkers(count, false, backend.getLocalPort());
            Succession succession = succession(false);
            listeners = workers.listeners(succession.sockets());
            listeners.prepare(specs).commit();
            server = succession.offer(listeners, workers.proxies(), this).orElseThrow();
        }

        @Override
        public String overrides() {
            return "none";
        }

        @Override
        public void letGo() {}

        @Override
        public void takeBack() {
            takenBack.incrementAndGet();
        }

        @Override
        public void onHandedOver(int pid) {
            handedOver.incrementAndGet();
        }

        @Override
        public void close() {
            server.close();
            workers.close();
        }
    }

    private Path path() {
        return directory.resolve("forwarder.sock");
    }

    private Succession succession(boolean takeOver) throws TakeOverException {
        Succession succession = new Succession(new LinuxSyscalls(), Optional.of(path()), takeOver, Map.of());
        succession.meet();
        return succession;
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "2, 3", "3, 1"})
    void shouldGoOnWithEverySessionThroughTheSameSocket(int before, int after) throws Exception {
        try (Running old = new Running(before, List.of(UdpWorkers.spec(port)));
                UdpWorkers next = new UdpWorkers(after, true, backend.getLocalPort())) {
            connectClients(CLIENTS);
            RunningWorkers.await(() -> old.workers.openSessions() == CLIENTS);
            Succession succession = succession(true);
            ListenerSet listeners = next.listeners(succession.sockets());
            listeners.prepare(List.of(UdpWorkers.spec(port))).commit();
            assertAllGoOn("before it is confirmed, the running one reads");
            assertEquals(0, next.counter(UdpCounter.DATAGRAMS_FROM_CLIENTS));
            SessionHeir heir = next.heir(listeners);
            succession.confirm(heir);
            RunningWorkers.await(() -> old.handedOver.get() == 1 && old.workers.openSessions() == 0);
            sendBothWays();
            heir.begin();
            assertAllArrived();
            assertAllGoOn("afterwards");
            assertEquals(CLIENTS, next.counter(UdpCounter.SESSIONS_ADOPTED));
            assertEquals(0, next.counter(UdpCounter.SESSIONS_OPENED));
            assertEquals(0, next.counter(UdpCounter.ADOPTION_FAILED));
            assertEquals(CLIENTS, old.workers.counter(UdpCounter.ENDED_HANDED_OVER));
            assertEquals(CLIENTS, next.limit.open());
            assertEquals(CLIENTS, next.load());
            assertEquals(0, old.workers.limit.open());
            assertEquals(0, old.workers.load());
            succession.abandon();
        }
    }

    @Test
    void shouldGoOnItselfWhenTheNewerProcessDiesWithSomeOfTheSessions() throws Exception {
        try (Running old = new Running(2, List.of(UdpWorkers.spec(port)))) {
            connectClients(CLIENTS);
            TakeOverConnection newer = new TakeOverConnection(
                    old.workers.syscalls, new PacketSockets(old.workers.syscalls).connect(path()));
            newer.say(Word.HELLO);
            List<Integer> sockets = newer.receiveSockets();
            assertEquals(2, sockets.size());
            newer.receiveOverrides();
            newer.say(Word.READY);
            newer.receiveOverrides();
            List<HandedSession> some = newer.receiveSessions().orElseThrow().sessions();
            sendBothWays();
            newer.close();
            RunningWorkers.await(() -> old.takenBack.get() == 1 && Files.exists(path()));
            assertAllArrived();
            assertAllGoOn("the newer one is gone, and not its copies");
            some.forEach(session -> old.workers.syscalls.close(session.fd()));
            sockets.forEach(old.workers.syscalls::close);
            assertAllGoOn("its copies are closed");
            assertEquals(0, old.workers.counter(UdpCounter.ENDED_HANDED_OVER));
            assertEquals(CLIENTS, old.workers.openSessions());
        }
    }

    /** The newer process has them already when the running one cannot let go. */
    @Test
    void shouldLeaveTheSessionsToTheRunningOneWhenThatGoesOn() throws Exception {
        try (Running old = new Running(1, List.of(UdpWorkers.spec(port)));
                UdpWorkers next = new UdpWorkers(1, true, backend.getLocalPort())) {
            connectClients(20);
            WorkerSessions sessions = new WorkerSessions(old.workers.proxies());
            Succession succession = succession(true);
            ListenerSet listeners = next.listeners(succession.sockets());
            listeners.prepare(List.of(UdpWorkers.spec(port))).commit();
            // As a hand-over does, up to its end.
            List<HandedSession> paused = sessions.pause();
            assertEquals(20, paused.size());
            int listener = descriptor(listeners);
            SessionHeir heir = next.heir(listeners);
            assertEquals(
                    20,
                    heir.adopt(
                            paused.stream()
                                    .map(session -> session.as(listener, duplicate(session.fd())))
                                    .toList(),
                            20));
            sendBothWays();
            heir.abandon();
            RunningWorkers.await(() -> next.limit.open() == 0);
            sessions.resume();
            assertAllArrived();
            assertAllGoOn("as before");
            assertEquals(0, next.load());
            assertEquals(0, next.counter(UdpCounter.DATAGRAMS_FROM_CLIENTS));
            succession.abandon();
        }
    }

    private static int descriptor(ListenerSet listeners) {
        for (int fd = 0; fd < 1000; fd++) {
            if (listeners.workerOf(fd) >= 0) {
                return fd;
            }
        }
        throw new AssertionError("listens nowhere");
    }

    private static int duplicate(int fd) {
        return new LinuxSyscalls().fcntl(fd, F_DUPFD_CLOEXEC, 0);
    }

    @Test
    void shouldEndSessionsWhoseAddressOrBackendIsGone() throws Exception {
        int dropped = RunningWorkers.freePort();
        try (DatagramSocket otherBackend = socket();
                Running old = new Running(2, List.of(UdpWorkers.spec(port), UdpWorkers.spec(dropped)));
                UdpWorkers next = new UdpWorkers(2, true, otherBackend.getLocalPort())) {
            connectClients(10);
            Succession succession = succession(true);
            ListenerSet listeners = next.listeners(succession.sockets());
            listeners.prepare(List.of(UdpWorkers.spec(port))).commit();
            SessionHeir heir = next.heir(listeners);
            succession.confirm(heir);
            heir.begin();
            RunningWorkers.await(() -> old.handedOver.get() == 1);
            assertEquals(10, next.counter(UdpCounter.ADOPTION_FAILED));
            assertEquals(0, next.limit.open());
            // Its clients begin anew.
            clients.get(0).send(1);
            receive(otherBackend);
            succession.abandon();
        }
    }

    /** The descriptors of what is closed meanwhile are on their way. */
    @Test
    void shouldChangeListenersOnlyWhenTheHandOverHasEnded() throws Exception {
        int other = RunningWorkers.freePort();
        try (Running old = new Running(2, List.of(UdpWorkers.spec(port)))) {
            connectClients(10);
            WorkerSessions sessions = new WorkerSessions(old.workers.proxies());
            List<HandedSession> paused = sessions.pause();
            assertEquals(10, paused.size());
            old.listeners.prepare(List.of(UdpWorkers.spec(other))).commit();
            RunningWorkers.await(() -> old.workers.proxies().stream().allMatch(proxy -> proxy.hasSettledListeners()));
            assertEquals(10, old.workers.openSessions());
            assertTrue(Files.exists(Path.of("/proc/self/fd/" + paused.get(0).fd())));
            sessions.resume();
            RunningWorkers.await(() -> old.workers.openSessions() == 0);
            assertEquals(10, old.workers.counter(UdpCounter.ENDED_LISTENER_CLOSED));
            assertFalse(old.listeners.byPlace(paused).size() > 0, "never handed over");
        }
    }
}
