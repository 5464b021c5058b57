package io.penstock.linux;

import static io.penstock.linux.EpollConstants.EPOLLERR;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

/** Real UDP sockets on loopback for tests, with one batch for each direction; closes what it made. */
final class UdpLoopback implements AutoCloseable {
    static final IpAddress IPV4 = Loopback.ADDRESS;
    static final IpAddress IPV6 = IpAddress.parse("::1").orElseThrow();

    final Loopback net = new Loopback();
    final Syscalls syscalls = net.syscalls;
    final DatagramSockets sockets = new DatagramSockets(syscalls);
    final ReceiveBatch received = new ReceiveBatch(8, ReceiveBatch.MAX_BYTES);
    final SendBatch sent = new SendBatch(8, 128);

    static IpAddress address(String literal) {
        return IpAddress.parse(literal).orElseThrow();
    }

    /** Bound, with nothing else asked of it. */
    int bind(IpAddress address, int port, boolean dualStack) {
        return net.own(sockets.bind(new Endpoint(address, port), dualStack, BindOptions.NONE));
    }

    int listener(IpAddress address, boolean dualStack) {
        int fd = bind(address, 0, dualStack);
        assertEquals(0, sockets.prepareListener(fd, address.isIpv4(), address.isAny()));
        return fd;
    }

    /** Connected, and without GRO. */
    int connect(IpAddress address, int port) {
        int fd = net.own(sockets.open(address.isIpv4()));
        assertEquals(0, sockets.connect(fd, address, port));
        return fd;
    }

    int port(int fd) {
        return net.port(fd);
    }

    /** A port where nobody is bound: the socket that had it is closed, and an ICMP message is the answer. */
    int deafPort(IpAddress address) {
        int fd = bind(address, 0, false);
        int port = port(fd);
        net.close(fd);
        return port;
    }

    /** Waits until an ICMP message has come, which is not taken. */
    void awaitError(int fd) {
        net.await(fd, EPOLLERR);
    }

    /** A message of so many octets, alone in the batch. */
    int message(int length) {
        sent.clear();
        return more(length);
    }

    /** And another one; each octet is a number, so that no two parts of a message are alike. */
    int more(int length) {
        int i = sent.add();
        for (int at = 0; at < length; at += Integer.BYTES) {
            net.memory.putInt(at, at);
        }
        sent.part(i, net.memory.addressOffset(), length);
        return i;
    }

    void text(String text) {
        sent.clear();
        int i = sent.add();
        sent.part(i, net.memory.addressOffset(), net.memory.putStringWithoutLengthAscii(0, text));
    }

    int send(int fd) {
        return sent.send(syscalls, fd, 0);
    }

    /** Sends one message that must go. */
    void say(int fd, String text) {
        text(text);
        assertEquals(1, send(fd));
    }

    /** Waits for datagrams; how many entries they take, from 0 on. */
    int receive(int fd) {
        net.await(fd, EPOLLIN);
        int count = received.receive(syscalls, fd, 0, received.capacity());
        assertTrue(count > 0, () -> "receive: " + count);
        return count;
    }

    /** Waits for the next datagram. */
    String hear(int fd) {
        net.await(fd, EPOLLIN);
        assertEquals(1, received.receive(syscalls, fd, 0, 1));
        return content(0);
    }

    String content(int i) {
        UnsafeBuffer buffer = new UnsafeBuffer(received.address(i), received.length(i));
        return buffer.getStringWithoutLengthAscii(0, received.length(i));
    }

    /** Whether an entry holds what {@link #message} put there. */
    boolean holdsMessage(int i, int length) {
        return received.length(i) == length
                && new UnsafeBuffer(received.address(i), length).equals(new UnsafeBuffer(net.memory, 0, length));
    }

    IpAddress source(int i) {
        return new IpAddress(received.sourceHigh(i), received.sourceLow(i));
    }

    IpAddress destination(int i) {
        assertTrue(received.hasDestination(i));
        return new IpAddress(received.destinationHigh(i), received.destinationLow(i));
    }

    /** A reply to the sender of an entry, alone in the batch. */
    int reply(int i) {
        int message = message(1);
        sent.to(
                message,
                received.sourceHigh(i),
                received.sourceLow(i),
                received.sourcePort(i),
                received.sourceScope(i));
        return message;
    }

    @Override
    public void close() {
        net.close();
    }
}
