package io.penstock.linux;

import static io.penstock.linux.SocketConstants.AF_PACKET;
import static io.penstock.linux.SocketConstants.MSG_DONTWAIT;
import static io.penstock.linux.SocketConstants.SOCK_RAW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.IpAddress;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets and frames over loopback, which delivers before the send returns. */
@Timeout(20)
@ExtendWith(OpenFds.class)
class RawSocketsKernelFactsTest {
    /** For experiments (RFC 3692). */
    private static final int PROTOCOL = 253;

    private static final int LOOPBACK = 1;
    private static final int NO_LINK = 4711;
    private static final int CLASS = 0xc0;
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int IPV4_HEADER = 20;

    /** For local experiments (IEEE 802, clause 9.2.3). */
    private static final int ETHER_TYPE = 0x88b5;

    private static final int ETHERNET_HEADER = 14;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final RawSockets sockets = new RawSockets(syscalls);
    private final SendBatch sent = new SendBatch(1, 1);
    private final ReceiveBatch received = new ReceiveBatch(1, 256);
    private final UnsafeBuffer octets = new UnsafeBuffer(BufferUtil.allocateDirectAligned(64, Long.BYTES));

    private int send(int fd, IpAddress from, IpAddress to, int hopLimit) {
        octets.putInt(0, 0x01020304, ByteOrder.BIG_ENDIAN);
        sent.clear();
        int i = sent.add();
        sent.to(i, to.high(), to.low(), 0, LOOPBACK);
        sent.from(i, from.high(), from.low());
        sent.hopLimit(i, hopLimit, to.isIpv4());
        sent.part(i, octets.addressOffset(), Integer.BYTES);
        return sent.send(syscalls, fd, 0);
    }

    private int open(boolean ipv4) {
        int fd = sockets.open(ipv4, PROTOCOL, LOOPBACK, CLASS, BUFFER_BYTES);
        assertTrue(fd >= 0, () -> "errno " + -fd);
        return fd;
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.9, 127.0.0.1, 7", "127.0.0.1, 127.0.0.2, 255"})
    void shouldCarryHopLimitClassAndSourceInIpv4(String source, String destination, int hopLimit) throws Throwable {
        NewNetwork.run(() -> {
            int fd = open(true);
            assertEquals(1, send(fd, UdpLoopback.address(source), UdpLoopback.address(destination), hopLimit));
            assertEquals(1, received.receive(syscalls, fd, 0, 1));
            UnsafeBuffer packet = new UnsafeBuffer(received.address(0), received.length(0));
            assertEquals(IPV4_HEADER + Integer.BYTES, packet.capacity());
            assertEquals(CLASS, packet.getByte(1) & 0xff);
            assertEquals(hopLimit, packet.getByte(8) & 0xff);
            assertEquals(UdpLoopback.address(source).ipv4(), packet.getInt(12, ByteOrder.BIG_ENDIAN));
            assertEquals(UdpLoopback.address(destination).ipv4(), packet.getInt(16, ByteOrder.BIG_ENDIAN));
            assertEquals(UdpLoopback.address(source).low(), received.sourceLow(0));
            sockets.close(fd);
        });
    }

    @Test
    void shouldTellHopLimitAndDestinationInIpv6() throws Throwable {
        NewNetwork.run(() -> {
            int fd = open(false);
            assertEquals(1, send(fd, UdpLoopback.IPV6, UdpLoopback.IPV6, 7));
            assertEquals(1, received.receive(syscalls, fd, 0, 1));
            assertEquals(Integer.BYTES, received.length(0));
            assertEquals(7, received.hopLimit(0));
            assertTrue(received.hasDestination(0));
            assertEquals(UdpLoopback.IPV6, new IpAddress(received.destinationHigh(0), received.destinationLow(0)));
            assertEquals(UdpLoopback.IPV6, new IpAddress(received.sourceHigh(0), received.sourceLow(0)));
            sockets.close(fd);
        });
    }

    /** Another socket's membership is not this one's, though the link hears the group. */
    @Test
    void shouldHearItsOwnGroupsOnly() throws Throwable {
        NewNetwork.run(() -> {
            IpAddress group = UdpLoopback.address("224.0.0.200");
            int member = open(true);
            int stranger = open(true);
            assertEquals(0, sockets.join(member, group, LOOPBACK));
            assertEquals(1, send(stranger, UdpLoopback.IPV4, group, 1));
            assertEquals(1, received.receive(syscalls, member, 0, 1));
            assertEquals(-Errno.EAGAIN, received.receive(syscalls, stranger, 0, 1));
            sockets.close(member);
            sockets.close(stranger);
        });
    }

    @ParameterizedTest
    @CsvSource({"224.0.0.200", "ff02::200"})
    void shouldRefuseToJoinOnLinkThatIsNotThere(String group) throws Throwable {
        NewNetwork.run(() -> {
            IpAddress to = UdpLoopback.address(group);
            int fd = sockets.open(to.isIpv4(), PROTOCOL, NO_LINK, CLASS, BUFFER_BYTES);
            assertEquals(-Errno.ENODEV, sockets.join(fd, to, NO_LINK));
            sockets.close(fd);
        });
    }

    @Test
    void shouldSendFrames() throws Throwable {
        NewNetwork.run(() -> {
            int capture =
                    syscalls.socket(AF_PACKET, SOCK_RAW, Short.toUnsignedInt(Short.reverseBytes((short) ETHER_TYPE)));
            LinkSockets links = new LinkSockets(syscalls);
            int fd = links.open();
            octets.setMemory(0, ETHERNET_HEADER, (byte) 0);
            octets.putShort(12, (short) ETHER_TYPE, ByteOrder.BIG_ENDIAN);
            octets.putShort(ETHERNET_HEADER, (short) 0x4d4d);
            int length = ETHERNET_HEADER + Short.BYTES;
            assertEquals(length, links.send(fd, LOOPBACK, ETHER_TYPE, octets.addressOffset(), length));
            UnsafeBuffer frame = new UnsafeBuffer(BufferUtil.allocateDirectAligned(64, Long.BYTES));
            assertEquals(length, syscalls.recv(capture, frame.addressOffset(), 64, MSG_DONTWAIT));
            assertEquals(0x4d4d, frame.getShort(ETHERNET_HEADER));
            assertEquals(-Errno.ENXIO, links.send(fd, NO_LINK, ETHER_TYPE, octets.addressOffset(), length));
            assertEquals(-Errno.EAGAIN, syscalls.recv(fd, frame.addressOffset(), 64, MSG_DONTWAIT), "it hears nothing");
            links.close(fd);
            syscalls.close(capture);
        });
    }
}
