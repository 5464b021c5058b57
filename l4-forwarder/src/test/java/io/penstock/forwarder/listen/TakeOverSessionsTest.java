package io.penstock.forwarder.listen;

import static io.penstock.linux.SocketConstants.AF_INET;
import static io.penstock.linux.SocketConstants.AF_UNIX;
import static io.penstock.linux.SocketConstants.SHUT_RDWR;
import static io.penstock.linux.SocketConstants.SOCK_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOCK_DGRAM;
import static io.penstock.linux.SocketConstants.SOCK_SEQPACKET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.listen.TakeOverConnection.Sessions;
import io.penstock.forwarder.listen.TakeOverConnection.Word;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.forwarder.udp.HandedSession.Addresses;
import io.penstock.forwarder.udp.HandedSession.Progress;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.DescriptorMessage;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.PacketSockets;
import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions and their descriptors between two ends of a hand-over, without processes that have any. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class TakeOverSessionsTest {
    private static final int MANY = 2 * DescriptorMessage.MAX_DESCRIPTORS + 1;
    private static final int TIMEOUT_S = 20;
    private static final int SESSIONS = 6;

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final DatagramSockets datagrams = new DatagramSockets(syscalls);
    private int runningFd;
    private TakeOverConnection running;
    private TakeOverConnection newer;

    @BeforeEach
    void connect() {
        UnsafeBuffer pair = new UnsafeBuffer(BufferUtil.allocateDirectAligned(8, 8));
        assertEquals(0, syscalls.socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.addressOffset()));
        runningFd = pair.getInt(0, ByteOrder.nativeOrder());
        running = connection(runningFd);
        newer = connection(pair.getInt(4, ByteOrder.nativeOrder()));
    }

    private TakeOverConnection connection(int fd) {
        assertEquals(0, new PacketSockets(syscalls).timeout(fd, TIMEOUT_S));
        return new TakeOverConnection(syscalls, fd);
    }

    @AfterEach
    void close() {
        running.close();
        newer.close();
    }

    @Test
    void shouldPassOnMoreSessionsThanOneMessageHolds() throws Exception {
        List<HandedSession> sessions = sessions(MANY);
        CompletableFuture<Integer> taken = send(sessions);
        List<HandedSession> received = new ArrayList<>();
        int messages = 0;
        while (received.size() < MANY) {
            Sessions some = newer.receiveSessions().orElseThrow();
            assertEquals(some.count(), some.sessions().size());
            received.addAll(some.sessions());
            newer.sayTaken(some.count() - 1);
            messages++;
        }
        assertEquals(MANY - messages, taken.get(TIMEOUT_S, TimeUnit.SECONDS));
        assertTrue(messages >= 3);
        running.say(Word.DONE);
        assertEquals(Optional.empty(), newer.receiveSessions());
        for (int i = 0; i < MANY; i++) {
            HandedSession sent = sessions.get(i);
            HandedSession got = received.get(i);
            assertNotEquals(sent.fd(), got.fd());
            assertEquals(sent, got.as(got.listener(), sent.fd()));
            assertEquals(
                    datagrams.local(sent.fd()).port(), datagrams.local(got.fd()).port());
        }
        close(sessions);
        close(received);
    }

    /** What is on its way is limited by the kernel. */
    @Test
    void shouldNotRunAheadOfTheOneThatTakesThem() throws Exception {
        List<HandedSession> sessions = sessions(MANY);
        CompletableFuture<Integer> taken = send(sessions);
        Sessions first = newer.receiveSessions().orElseThrow();
        assertTrue(first.count() < MANY);
        // Nothing more comes while it says nothing: the end does.
        syscalls.shutdown(runningFd, SHUT_RDWR);
        TakeOverException gone = assertThrows(TakeOverException.class, newer::receiveSessions);
        assertTrue(gone.isGone());
        assertThrows(Exception.class, () -> taken.get(TIMEOUT_S, TimeUnit.SECONDS));
        close(sessions);
        close(first.sessions());
    }

    @Test
    void shouldSayNothingOfNoSessions() throws Exception {
        assertEquals(0, running.sendSessions(List.of()));
        running.say(Word.DONE);
        assertEquals(Optional.empty(), newer.receiveSessions());
    }

    /** A process that is out of descriptors gets the first of those that were sent. */
    @Test
    void shouldGoOnWithThoseWhoseDescriptorsCame() throws Exception {
        List<HandedSession> sessions = sessions(3);
        assertEquals(0, forged(sessions, 3, 3, 2));
        Sessions some = newer.receiveSessions().orElseThrow();
        assertEquals(3, some.count());
        assertEquals(2, some.sessions().size());
        close(some.sessions());
        close(sessions);
    }

    @Test
    void shouldRefuseSessionsThatAreOtherThanAnnounced() throws Exception {
        List<HandedSession> sessions = sessions(3);
        for (int[] row : new int[][] {{3, 0, 3}, {2, 3, 3}, {4, 4, 3}, {3, 2, 3}, {3, 2, 2}, {-1, -1, 0}}) {
            assertEquals(0, forged(sessions, row[0], row[1], row[2]));
            TakeOverException refused = assertThrows(TakeOverException.class, newer::receiveSessions);
            assertTrue(refused.getMessage().startsWith("not what was to come: expected "), refused.getMessage());
            assertFalse(refused.isGone());
        }
        running.say(Word.HELLO);
        assertThrows(TakeOverException.class, newer::receiveSessions);
        close(sessions);
    }

    @Test
    void shouldRefuseAnAnswerThatCannotBe() throws Exception {
        List<HandedSession> sessions = sessions(2);
        for (int wrong : new int[] {3, -1}) {
            CompletableFuture<Integer> taken = send(sessions);
            close(newer.receiveSessions().orElseThrow().sessions());
            newer.sayTaken(wrong);
            Exception refused = assertThrows(Exception.class, () -> taken.get(TIMEOUT_S, TimeUnit.SECONDS));
            assertEquals(
                    "not what was to come: expected TAKEN",
                    refused.getCause().getCause().getMessage());
        }
        close(sessions);
    }

    private CompletableFuture<Integer> send(List<HandedSession> sessions) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return running.sendSessions(sessions);
            } catch (TakeOverException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** One message that holds all of these sessions, and says whatever it likes of how many they are. */
    private int forged(List<HandedSession> sessions, int total, int here, int fds) {
        DescriptorMessage message = new DescriptorMessage(syscalls, 4096);
        message.content().putLong(0, 0x6b636f74736e6550L, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(8, TakeOverConnection.VERSION, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(12, SESSIONS, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(16, total, ByteOrder.LITTLE_ENDIAN);
        message.content().putInt(20, here, ByteOrder.LITTLE_ENDIAN);
        int end = 24;
        for (HandedSession session : sessions) {
            end = SessionCodec.put(message.content(), end, 4096, session);
        }
        List<Integer> sent =
                sessions.subList(0, fds).stream().map(HandedSession::fd).toList();
        return message.send(runningFd, end, sent) == end ? 0 : -1;
    }

    private List<HandedSession> sessions(int count) {
        List<HandedSession> sessions = new ArrayList<>();
        IpAddress address = IpAddress.parse("127.0.0.1").orElseThrow();
        for (int i = 0; i < count; i++) {
            int fd = syscalls.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            assertTrue(fd >= 0);
            assertEquals(0, datagrams.connect(fd, address, 9));
            sessions.add(new HandedSession(
                    i,
                    fd,
                    new Addresses(address.high(), address.low(), 1000 + i, 0, address.high(), address.low(), 53),
                    new Backend.Key("pool", "backend-" + i, address, 9),
                    new Progress(2, false, 0, 2, 1, 100, 200, 3, 4)));
        }
        return sessions;
    }

    private void close(List<HandedSession> sessions) {
        sessions.forEach(session -> syscalls.close(session.fd()));
    }
}
