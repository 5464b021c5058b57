package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@ExtendWith(OpenFds.class)
class DatagramBatchTest {
    private final ReceiveBatch received = new ReceiveBatch(4, ReceiveBatch.MAX_BYTES);
    private final SendBatch sent = new SendBatch(4, 2);

    @Test
    void shouldCarryDatagramsThereAndBack() {
        try (Loopback net = new Loopback()) {
            DatagramSockets sockets = new DatagramSockets(net.syscalls);
            int server = net.own(sockets.bind(new Endpoint(Loopback.ADDRESS, 0), false, BindOptions.NONE));
            assertEquals(0, sockets.prepareListener(server, true, true));
            int client = net.own(sockets.openConnected(Loopback.ADDRESS, net.port(server)));

            net.memory.putStringWithoutLengthAscii(0, "onetwothree");
            sent.part(sent.add(), net.memory.addressOffset(), 3);
            int second = sent.add();
            sent.part(second, net.memory.addressOffset() + 3, 3);
            sent.part(second, net.memory.addressOffset() + 6, 5);
            assertEquals(2, sent.parts(second));
            assertEquals(8, sent.length(second));
            assertEquals(2, sent.send(net.syscalls, client, 0));

            net.await(server, EPOLLIN);
            assertEquals(2, received.receive(net.syscalls, server, 1, 3));
            assertEquals("one", text(1));
            assertEquals("twothree", text(2));
            assertEquals(Loopback.ADDRESS.high(), received.sourceHigh(1));
            assertEquals(Loopback.ADDRESS.low(), received.sourceLow(1));
            assertEquals(net.port(client), received.sourcePort(2));
            assertEquals(0, received.sourceScope(2));
            assertTrue(received.hasDestination(2));
            assertEquals(Loopback.ADDRESS.low(), received.destinationLow(2));
            assertFalse(received.isTruncated(2));

            sent.clear();
            int reply = sent.add();
            sent.to(reply, received.sourceHigh(1), received.sourceLow(1), received.sourcePort(1), 0);
            sent.from(reply, received.destinationHigh(1), received.destinationLow(1));
            sent.part(reply, received.address(1), received.length(1));
            assertEquals(1, sent.send(net.syscalls, server, 0));
            net.await(client, EPOLLIN);
            assertEquals(1, received.receiveConnected(net.syscalls, client, 0, 4));
            assertEquals("one", text(0));
            assertEquals(-Errno.EAGAIN, received.receiveConnected(net.syscalls, client, 0, 4));
        }
    }

    @Test
    void shouldRefuseMoreThanThereIsRoomFor() {
        int message = sent.add();
        sent.part(message, 0, 1);
        sent.part(message, 0, 1);
        assertThrows(IllegalStateException.class, () -> sent.part(message, 0, 1));
        sent.add();
        sent.add();
        sent.add();
        assertTrue(sent.isFull());
        assertThrows(IllegalStateException.class, sent::add);
    }

    /** One buffer a page would have all of them begin in the same set of a cache of 64 sets. */
    @ParameterizedTest
    @ValueSource(ints = {1500, 2048, 9000, ReceiveBatch.MAX_BYTES})
    void shouldBeginEntriesInDifferentCacheSets(int bytesEach) {
        ReceiveBatch batch = new ReceiveBatch(64, bytesEach);
        Set<Long> sets = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            assertEquals(0, batch.address(i) % 64, "aligned");
            assertTrue(i == 0 || batch.address(i) - batch.address(i - 1) >= bytesEach, "apart");
            sets.add(batch.address(i) / 64 % 64);
        }
        assertEquals(64, sets.size());
    }

    @Test
    void shouldTakeNoMoreThanThereAreEntriesAndSourcesWhereAsked() {
        try (Loopback net = new Loopback()) {
            DatagramSockets sockets = new DatagramSockets(net.syscalls);
            int server = net.own(sockets.bind(new Endpoint(Loopback.ADDRESS, 0), false, BindOptions.NONE));
            int client = net.own(sockets.openConnected(Loopback.ADDRESS, net.port(server)));
            int other = net.own(sockets.openConnected(Loopback.ADDRESS, net.port(server)));
            net.send(client, "first");
            net.send(other, "second");
            net.await(server, EPOLLIN);
            assertEquals(1, received.receive(net.syscalls, server, 3, 4));
            assertEquals("first", text(3));
            net.await(server, EPOLLIN);
            assertEquals(1, received.receiveConnected(net.syscalls, server, 3, 4));
            assertEquals("second", text(3));
            assertEquals(net.port(client), received.sourcePort(3), "the kernel was not asked for the other");
            net.send(other, "third");
            net.await(server, EPOLLIN);
            assertEquals(1, received.receive(net.syscalls, server, 3, 4));
            assertEquals(net.port(other), received.sourcePort(3), "and is asked again");
        }
    }

    private String text(int i) {
        return new UnsafeBuffer(received.address(i), received.length(i))
                .getStringWithoutLengthAscii(0, received.length(i));
    }
}
