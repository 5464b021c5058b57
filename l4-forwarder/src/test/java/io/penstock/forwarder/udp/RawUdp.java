package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.SendBatch;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.util.concurrent.locks.LockSupport;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A socket that sends and sees what the JDK's do not: groups of datagrams, and the traffic class. */
final class RawUdp implements AutoCloseable {
    private static final long WAIT_NS = 20_000_000_000L;

    /** The last that was received. */
    final ReceiveBatch received = new ReceiveBatch(1, ReceiveBatch.MAX_BYTES);

    private final LinuxSyscalls syscalls = new LinuxSyscalls();
    private final DatagramSockets sockets = new DatagramSockets(syscalls);
    private final SendBatch sent = new SendBatch(1, 1);
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(65_536, 8));
    private final IpAddress address;
    private final int fd;

    /** Bound to a port of the kernel's choice. */
    RawUdp(String literal) {
        address = IpAddress.parse(literal).orElseThrow();
        fd = sockets.bind(new Endpoint(address, 0), false, BindOptions.NONE);
        assertTrue(fd >= 0, () -> "bind: " + fd);
        assertEquals(0, sockets.prepareListener(fd, address.isIpv4(), false));
    }

    int fd() {
        return fd;
    }

    int port() {
        return sockets.local(fd).port();
    }

    IpAddress address() {
        return address;
    }

    /** As a group when {@code segmentBytes} is less than the payload. */
    void send(IpAddress to, int port, int segmentBytes, int trafficClass, byte... payload) {
        memory.putBytes(0, payload);
        sent.clear();
        int message = sent.add();
        sent.to(message, to.high(), to.low(), port, 0);
        sent.part(message, memory.addressOffset(), payload.length);
        if (segmentBytes < payload.length) {
            sent.segment(message, segmentBytes);
        }
        if (trafficClass != 0) {
            sent.trafficClass(message, trafficClass, to.isIpv4());
        }
        assertEquals(1, sent.send(syscalls, fd, 0));
    }

    /** To the sender of what was received last. */
    void reply(int segmentBytes, int trafficClass, byte... payload) {
        send(
                new IpAddress(received.sourceHigh(0), received.sourceLow(0)),
                received.sourcePort(0),
                segmentBytes,
                trafficClass,
                payload);
    }

    /** Waits for a datagram, or a group. */
    byte[] receive() {
        long deadlineNs = System.nanoTime() + WAIT_NS;
        int count;
        while ((count = received.receive(syscalls, fd, 0, 1)) == -Errno.EAGAIN) {
            assertTrue(System.nanoTime() < deadlineNs, "nothing came");
            LockSupport.parkNanos(200_000);
        }
        assertEquals(1, count);
        byte[] payload = new byte[received.length(0)];
        new UnsafeBuffer(received.address(0), payload.length).getBytes(0, payload);
        return payload;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
