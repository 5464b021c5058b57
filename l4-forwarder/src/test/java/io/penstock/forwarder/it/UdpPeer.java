package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A client's or backend's socket with what the JDK's lack: traffic classes, and bursts that the kernel cuts (UDP_SEGMENT). */
final class UdpPeer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int BUFFER_BYTES = 4 << 20;

    private final Syscalls syscalls = new LinuxSyscalls();
    private final DatagramSockets sockets = new DatagramSockets(syscalls);
    private final ReceiveBatch incoming = new ReceiveBatch(1, ReceiveBatch.MAX_BYTES);
    private final SendBatch outgoing = new SendBatch(1, 1);
    private final UnsafeBuffer payload = new UnsafeBuffer(BufferUtil.allocateDirectAligned(ReceiveBatch.MAX_BYTES, 64));
    private final Queue<Datagram> received = new ArrayDeque<>();
    private final Endpoint endpoint;
    private final int fd;

    @SuppressWarnings("ArrayRecordComponent") // Compared by its parts, never as a whole.
    record Datagram(byte[] payload, Endpoint source, int trafficClass) {}

    UdpPeer(String address) {
        IpAddress ip = IpAddress.parse(address).orElseThrow();
        endpoint = new Endpoint(ip, Ports.free());
        fd = sockets.bind(endpoint, false, BindOptions.NONE);
        assertTrue(fd >= 0, () -> Errno.describe(-fd));
        assertEquals(0, sockets.prepareListener(fd, ip.isIpv4(), false));
        sockets.buffers(fd, BUFFER_BYTES, BUFFER_BYTES);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Its name in a configuration. */
    String address() {
        return endpoint.toString();
    }

    void send(byte[] bytes, Endpoint to, int trafficClass) {
        assertSent(begin(bytes, to, trafficClass));
    }

    /** In datagrams of this length, but the last, which may be shorter. */
    void sendCut(byte[] bytes, int each, Endpoint to) {
        int message = begin(bytes, to, 0);
        outgoing.segment(message, each);
        assertSent(message);
    }

    private int begin(byte[] bytes, Endpoint to, int trafficClass) {
        outgoing.clear();
        payload.putBytes(0, bytes);
        int message = outgoing.add();
        outgoing.to(message, to.address().high(), to.address().low(), to.port(), 0);
        outgoing.trafficClass(message, trafficClass, to.address().isIpv4());
        outgoing.part(message, payload.addressOffset(), bytes.length);
        return message;
    }

    private void assertSent(int message) {
        int result = outgoing.send(syscalls, fd, message);
        assertEquals(1, result, () -> Errno.describe(-result));
    }

    /** The next datagram, which must come in time. */
    Datagram receive() throws Exception {
        Await.until("a datagram", LIMIT, () -> !received.isEmpty() || tryReceive());
        return received.remove();
    }

    private boolean tryReceive() {
        if (incoming.receive(syscalls, fd, 0, 1) != 1) {
            return false;
        }
        Endpoint source =
                new Endpoint(new IpAddress(incoming.sourceHigh(0), incoming.sourceLow(0)), incoming.sourcePort(0));
        UnsafeBuffer bytes = new UnsafeBuffer(incoming.address(0), incoming.length(0));
        int each = incoming.segmentBytes(0) == 0 ? incoming.length(0) : incoming.segmentBytes(0);
        int at = 0;
        do {
            byte[] one = new byte[Math.min(each, incoming.length(0) - at)];
            bytes.getBytes(at, one);
            received.add(new Datagram(one, source, incoming.trafficClass(0)));
            at += each;
        } while (at < incoming.length(0));
        return true;
    }

    @Override
    public void close() {
        syscalls.close(fd);
    }
}
