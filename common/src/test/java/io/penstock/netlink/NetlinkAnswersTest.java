package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.OpenFds;
import io.penstock.linux.SocketConstants;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that a kernel gives once in a long while. Lists only, so it needs no rights. */
@ExtendWith(OpenFds.class)
@Timeout(60)
class NetlinkAnswersTest {
    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int SEQUENCE = 8;
    private static final int SOMEBODY = 4_711;

    private final Interposed kernel = new Interposed();
    private int received;

    @Test
    void shouldReadAgainWhenTheListChangedMeanwhile() throws IOException {
        kernel.receive(datagram -> {
            long length = datagram.receive();
            if (received++ == 0) {
                interrupt(datagram.room());
            }
            return length;
        });
        try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
            assertEquals(reallyThere(), Links.list(socket));
            assertEquals(2, kernel.sends());
        }
    }

    @Test
    void shouldGiveUpWhenTheListNeverHoldsStill() throws IOException {
        kernel.receive(datagram -> {
            long length = datagram.receive();
            interrupt(datagram.room());
            return length;
        });
        try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
            IOException end = assertThrows(IOException.class, () -> Links.list(socket));

            assertEquals("list the links: changes faster than it can be read, 10 times", end.getMessage());
            assertEquals(NetlinkSocket.DUMP_ATTEMPTS, kernel.sends());
        }
    }

    @Test
    void shouldMakeRoomAndReadAgainWhenAnAnswerWasCutShort() throws IOException {
        int longest = 1_000_000;
        kernel.receive(datagram -> {
            long length = datagram.receive();
            if (received++ == 0) {
                return longest;
            }
            assertTrue(datagram.room().capacity() >= longest);
            return length;
        });
        try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
            assertEquals(reallyThere(), Links.list(socket));
            assertEquals(2, kernel.sends());
        }
    }

    @Test
    void shouldPassOverWhatIsNotTheKernels() throws IOException {
        kernel.receive(datagram -> {
            if (received++ > 0) {
                return datagram.receive();
            }
            datagram.sender(SOMEBODY);
            return refusal(datagram.room(), 1);
        });
        try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
            assertEquals(reallyThere(), Links.list(socket));
        }
    }

    @Test
    void shouldPassOverAnswersToWhatItNoLongerAsks() throws IOException {
        kernel.receive(datagram -> {
            if (received++ > 0) {
                return datagram.receive();
            }
            datagram.sender(0);
            return refusal(datagram.room(), 0);
        });
        try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
            assertEquals(reallyThere(), Links.list(socket));
        }
    }

    @Test
    void shouldSayThatTheListWasRefused() throws IOException {
        kernel.receive(datagram -> {
            datagram.sender(0);
            return refusal(datagram.room(), 1);
        });
        try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
            NetlinkException refusal = assertThrows(NetlinkException.class, () -> Links.list(socket));

            assertEquals(Errno.EPERM, refusal.errno());
            assertEquals("list the links: operation not permitted (EPERM)", refusal.getMessage());
        }
    }

    @Test
    void shouldEndWhenTheKernelDoesNotAnswer() throws IOException {
        kernel.receive(datagram -> -Errno.EAGAIN);
        try (NetlinkSocket socket = NetlinkSocket.open(kernel.syscalls())) {
            assertEquals(
                    "list the links: no answer of the kernel within 10 s",
                    assertThrows(IOException.class, () -> Links.list(socket)).getMessage());
        }
    }

    @Test
    void shouldLeaveNoSocketBehindWhenItCannotBeSetUp() {
        for (int option : new int[] {SocketConstants.NETLINK_EXT_ACK, SocketConstants.SO_RCVTIMEO}) {
            Interposed old = new Interposed().refuseOptions(option);

            assertThrows(IOException.class, () -> NetlinkSocket.open(old.syscalls()));
        }
        Interposed old = new Interposed().refuseOptions(SocketConstants.NETLINK_ADD_MEMBERSHIP);
        assertThrows(IOException.class, () -> Subscription.open(old.syscalls()));
    }

    /** As Linux 6.18 speaks of a route by a gateway that nothing leads to; attribute 5 is RTA_GATEWAY. */
    @Test
    void shouldGiveTheKernelsWordsAndNameTheAttribute() {
        String words = "Nexthop has invalid gateway";
        byte[] text = words.getBytes(StandardCharsets.US_ASCII);
        UnsafeBuffer answer = new UnsafeBuffer(new byte[128]);
        int end = 36;
        answer.putShort(end, (short) (4 + text.length + 1));
        answer.putShort(end + 2, (short) 1);
        answer.putBytes(end + 4, text);
        end += 32;
        answer.putBytes(end, HexFormat.of().parseHex("080002001c000000"));
        end += 8;
        answer.putInt(0, end);
        answer.putShort(TYPE, (short) Rtnetlink.NLMSG_ERROR);
        answer.putShort(FLAGS, (short) (Rtnetlink.NLM_F_CAPPED | Rtnetlink.NLM_F_ACK_TLVS));
        answer.putInt(16, -Errno.ENETUNREACH);
        UnsafeBuffer sent = new UnsafeBuffer(new byte[64]);
        sent.putShort(28 + 2, (short) 5);
        MessageReader reader = new MessageReader().wrap(answer, end);

        assertTrue(reader.next());
        NetlinkException refusal = Acknowledgement.read(reader, new Request("add it", (w, s) -> {}), sent, 0)
                .orElseThrow();

        assertEquals(Errno.ENETUNREACH, refusal.errno());
        assertEquals(
                "add it: Nexthop has invalid gateway, attribute 5 (network unreachable (ENETUNREACH))",
                refusal.getMessage());
    }

    private static List<Link> reallyThere() throws IOException {
        try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
            return Links.list(socket);
        }
    }

    private static void interrupt(UnsafeBuffer datagram) {
        short flags = datagram.getShort(FLAGS);
        datagram.putShort(FLAGS, (short) (flags | Rtnetlink.NLM_F_DUMP_INTR));
    }

    private static long refusal(UnsafeBuffer room, int sequence) {
        int length = 36;
        room.setMemory(0, length, (byte) 0);
        room.putInt(0, length, ByteOrder.nativeOrder());
        room.putShort(TYPE, (short) Rtnetlink.NLMSG_ERROR);
        room.putInt(SEQUENCE, sequence);
        room.putInt(16, -Errno.EPERM);
        return length;
    }
}
