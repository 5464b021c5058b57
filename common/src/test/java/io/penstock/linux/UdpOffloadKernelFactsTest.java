package io.penstock.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linux does when it cuts datagrams out of one message (UDP_SEGMENT) and puts them together again (UDP_GRO). */
@Timeout(20)
@ExtendWith(OpenFds.class)
class UdpOffloadKernelFactsTest {
    private static final int MTU = 1500;
    private static final int ETHERNET_HEADER = 14;
    private static final int IPV4_HEADERS = 28;
    private static final int IPV6_HEADERS = 48;

    private final UdpLoopback udp = new UdpLoopback();

    @AfterEach
    void close() {
        udp.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldCarrySegmentSizeAndShorterLastSegmentFromEndToEnd(String literal) {
        IpAddress address = UdpLoopback.address(literal);
        int server = udp.listener(address, false);
        int client = udp.connect(address, udp.port(server));
        udp.sent.segment(udp.message(3500), 1000);
        assertEquals(1, udp.send(client));
        assertEquals(1, udp.receive(server));
        assertTrue(udp.holdsMessage(0, 3500));
        assertEquals(1000, udp.received.segmentBytes(0));
        assertFalse(udp.received.isTruncated(0));
    }

    @Test
    void shouldGiveDatagramsOneByOneToReceiverWithoutGro() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.sent.segment(udp.message(2500), 1000);
        assertEquals(1, udp.send(client));
        assertEquals(1000, udp.hear(server).length());
        assertEquals(1000, udp.hear(server).length());
        assertEquals(500, udp.hear(server).length());
        assertEquals(0, udp.received.segmentBytes(0));
    }

    @Test
    void shouldTakeEachSegmentFromPartOfItsOwn() {
        int server = udp.listener(UdpLoopback.IPV4, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        long memory = udp.net.memory.addressOffset();
        udp.net.memory.putStringWithoutLengthAscii(0, "one--two--end");
        int message = udp.sent.add();
        udp.sent.part(message, memory + 5, 3);
        udp.sent.part(message, memory, 3);
        udp.sent.part(message, memory + 10, 1);
        udp.sent.segment(message, 3);
        assertEquals(1, udp.send(client));
        assertEquals("twoonee", udp.hear(server));
        assertEquals(3, udp.received.segmentBytes(0));
    }

    /** So the borders of parts mean nothing: a short datagram may only be the last. */
    @Test
    void shouldCutBySizeAndNotByParts() {
        int server = udp.bind(UdpLoopback.IPV4, 0, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        long memory = udp.net.memory.addressOffset();
        udp.net.memory.putStringWithoutLengthAscii(0, "abcdef");
        int message = udp.sent.add();
        udp.sent.part(message, memory, 2);
        udp.sent.part(message, memory + 2, 4);
        udp.sent.segment(message, 4);
        assertEquals(1, udp.send(client));
        assertEquals("abcd", udp.hear(server));
        assertEquals("ef", udp.hear(server));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "999, 1000", "0, 1000"})
    void shouldSayNothingOfSegmentsWhenThereIsOne(int length, int segment) {
        int server = udp.listener(UdpLoopback.IPV4, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.sent.segment(udp.message(length), segment);
        assertEquals(1, udp.send(client));
        assertEquals(length, udp.hear(server).length());
        assertEquals(0, udp.received.segmentBytes(0));
    }

    /** UDP_MAX_SEGMENTS: 64 until Linux 6.8, 128 since then. */
    @Test
    void shouldTakeSixtyFourSegmentsAndNotOneMoreThanHundredTwentyEight() {
        int server = udp.listener(UdpLoopback.IPV4, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.sent.segment(udp.message(SendBatch.MAX_SEGMENTS * 100), 100);
        assertEquals(1, udp.send(client));
        assertEquals(SendBatch.MAX_SEGMENTS * 100, udp.hear(server).length());
        udp.sent.segment(udp.message(128 * 100 + 1), 100);
        assertEquals(-Errno.EINVAL, udp.send(client));
    }

    /** All segments together are one datagram to IP's length field. */
    @Test
    void shouldRefuseSegmentsLongerThanOneDatagramTogether() {
        int server = udp.listener(UdpLoopback.IPV4, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        udp.sent.segment(udp.message(65_508), 1400);
        assertEquals(-Errno.EMSGSIZE, udp.send(client));
    }

    /**
     * Below the device's gso_max_size, as a rule 65,536, the Ethernet header counted; from there on the kernel cuts before
     * the device (gso_features_check).
     */
    @Test
    void shouldArriveAsOneUpToTheLimitOfTheDevice() {
        int server = udp.listener(UdpLoopback.IPV4, false);
        int client = udp.connect(UdpLoopback.IPV4, udp.port(server));
        int limit = 65_535 - ETHERNET_HEADER - IPV4_HEADERS;
        udp.sent.segment(udp.message(limit), 1400);
        assertEquals(1, udp.send(client));
        assertEquals(1, udp.receive(server));
        assertTrue(udp.holdsMessage(0, limit));
    }

    /** Without UDP_SEGMENT the same octets would go in fragments: who forwards large ones must be ready to send them singly. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldRefuseSegmentsLargerThanMtuWhateverTheSocketAllows(String literal) throws Throwable {
        NewNetwork.run(MTU, () -> {
            IpAddress address = UdpLoopback.address(literal);
            int largest = MTU - (address.isIpv4() ? IPV4_HEADERS : IPV6_HEADERS);
            int server = udp.listener(address, false);
            int client = udp.connect(address, udp.port(server));
            assertEquals(0, udp.sockets.fragmentation(client, address.isIpv4(), DatagramSockets.DONT_FRAGMENT_NEVER));
            udp.sent.segment(udp.message(2 * largest + 2), largest + 1);
            int refused = udp.send(client);
            assertTrue(
                    refused == -Errno.EMSGSIZE || refused == -Errno.EINVAL,
                    () -> "on older kernels EINVAL; was " + refused);
            udp.sent.segment(udp.message(2 * largest), largest);
            assertEquals(1, udp.send(client));
            assertEquals(1, udp.receive(server));
            assertTrue(udp.holdsMessage(0, 2 * largest), "nothing of the refused one came");
            udp.message(largest + 1);
            assertEquals(1, udp.send(client));
            assertEquals(1, udp.receive(server));
            assertTrue(udp.holdsMessage(0, largest + 1));
        });
    }
}
