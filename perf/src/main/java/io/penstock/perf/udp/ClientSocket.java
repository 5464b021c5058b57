package io.penstock.perf.udp;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The one socket of all clients. Each burst leaves from its flow's own address; with grouping as one message that the
 * kernel cuts (UDP_SEGMENT), and answers come put together (UDP_GRO). NOT thread safe.
 */
final class ClientSocket implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int UNGROUPED_BYTES = 2048;

    /** The kernel takes no more in one message (UDP_MAX_SEGMENTS before Linux 6.9), and no more octets. */
    private static final int SEGMENTS_MAX = 64;

    private static final int MESSAGE_BYTES_MAX = 65_504;

    private final Syscalls syscalls;
    private final boolean grouping;
    private final int fd;
    private final ReceiveBatch received;
    private final SendBatch sent = new SendBatch(BATCH, 1);
    private final UnsafeBuffer memory =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(BATCH * ReceiveBatch.MAX_BYTES, 64));
    private final Datagram datagram = new Datagram();
    private long targetLow;
    private int targetPort;
    private int size;

    /** On a port of the kernel's choice; fails with its word. */
    ClientSocket(Syscalls syscalls, boolean grouping) {
        this.syscalls = syscalls;
        this.grouping = grouping;
        received = new ReceiveBatch(BATCH, grouping ? ReceiveBatch.MAX_BYTES : UNGROUPED_BYTES);
        DatagramSockets sockets = new DatagramSockets(syscalls);
        fd = sockets.bind(new Endpoint(IpAddress.ANY_IPV4, 0), false, BindOptions.NONE);
        int result = fd;
        result = result < 0 || !grouping ? result : sockets.groupReceived(fd);
        result = result < 0 ? result : sockets.buffers(fd, EchoSocket.BUFFER_BYTES, EchoSocket.BUFFER_BYTES);
        if (result < 0) {
            close();
            throw new IllegalStateException("clients: " + Errno.describe(-result));
        }
        for (int message = 0; message < BATCH; message++) {
            datagram.wrap(memory.addressOffset() + (long) message * ReceiveBatch.MAX_BYTES, MESSAGE_BYTES_MAX)
                    .fill();
        }
    }

    /** Where all goes from now on, and how long each datagram is. */
    void aim(IpAddress target, int port, int bytes) {
        Datagram.requireSize(bytes);
        targetLow = target.low();
        targetPort = port;
        size = bytes;
    }

    /** Has so many of a lane's datagrams sent, by the next {@link #flush} at the latest. */
    void add(int run, int lane, int flow, Lanes lanes, int burst, long nowNs) {
        int perMessage = grouping ? Math.min(SEGMENTS_MAX, MESSAGE_BYTES_MAX / size) : 1;
        for (int left = burst; left > 0; left -= perMessage) {
            if (sent.isFull()) {
                flush();
            }
            int count = Math.min(left, perMessage);
            int message = sent.add();
            long address = memory.addressOffset() + (long) message * ReceiveBatch.MAX_BYTES;
            for (int i = 0; i < count; i++) {
                datagram.wrap(address + (long) i * size, size).write(run, lane, lanes.send(lane, nowNs));
            }
            sent.to(message, 0, targetLow, targetPort, 0);
            sent.from(message, 0, Flows.addressLow(flow));
            sent.part(message, address, count * size);
            if (count > 1) {
                sent.segment(message, size);
            }
        }
    }

    /** What the kernel refuses is never answered, and so found to be lost. */
    void flush() {
        if (sent.size() > 0) {
            SendAll.send(sent, syscalls, fd);
            sent.clear();
        }
    }

    /** Takes what waits, at most a batch; how many messages. */
    int receive() {
        return Math.max(0, received.receive(syscalls, fd, 0, BATCH));
    }

    /** Of the messages that were received; each holds {@link #datagrams}. */
    int datagrams(int message) {
        int each = segmentBytes(message);
        return each == 0 ? 1 : (received.length(message) + each - 1) / each;
    }

    /** A view of one of them, until the next. */
    Datagram datagram(int message, int index) {
        int each = segmentBytes(message);
        int offset = each * index;
        int length = each == 0 ? received.length(message) : Math.min(each, received.length(message) - offset);
        return datagram.wrap(received.address(message) + offset, length);
    }

    private int segmentBytes(int message) {
        return received.segmentBytes(message);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            syscalls.close(fd);
        }
    }
}
