package io.penstock.perf.udp;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;

/**
 * A backend that sends every datagram back. With grouping, what the kernel has put together (UDP_GRO) goes back in one
 * piece (UDP_SEGMENT); without, datagrams come and go one by one. NOT thread safe.
 */
public final class EchoSocket implements AutoCloseable {
    /** Marks what came, before it goes back. */
    @FunctionalInterface
    public interface Stamp {
        void on(long address, int length);
    }

    /** For what clients have in flight at once, the kernel's own share included. */
    static final int BUFFER_BYTES = 16 << 20;

    private static final int BATCH = 64;
    private static final int UNGROUPED_BYTES = 2048;

    private final Syscalls syscalls;
    private final int fd;
    private final ReceiveBatch received;
    private final SendBatch replies = new SendBatch(BATCH, 1);
    private long refused;

    /** Bound at once; fails with the kernel's word. */
    public EchoSocket(Syscalls syscalls, IpAddress address, int port, boolean grouping) {
        this.syscalls = syscalls;
        received = new ReceiveBatch(BATCH, grouping ? ReceiveBatch.MAX_BYTES : UNGROUPED_BYTES);
        DatagramSockets sockets = new DatagramSockets(syscalls);
        fd = sockets.bind(new Endpoint(address, port), false, BindOptions.NONE);
        int result = fd;
        result = result < 0 || !grouping ? result : sockets.groupReceived(fd);
        result = result < 0 ? result : sockets.buffers(fd, BUFFER_BYTES, BUFFER_BYTES);
        if (result < 0) {
            close();
            throw new IllegalStateException("echo on " + address + ":" + port + ": " + Errno.describe(-result));
        }
    }

    /** Sends back what waits, at most a batch; how many messages came, 0 for none. */
    public int poll() {
        return poll((address, length) -> {});
    }

    /** As {@link #poll()}, with each message marked. */
    public int poll(Stamp stamp) {
        int count = received.receive(syscalls, fd, 0, BATCH);
        if (count <= 0) {
            return 0;
        }
        replies.clear();
        for (int i = 0; i < count; i++) {
            stamp.on(received.address(i), received.length(i));
            int reply = replies.add();
            replies.to(
                    reply,
                    received.sourceHigh(i),
                    received.sourceLow(i),
                    received.sourcePort(i),
                    received.sourceScope(i));
            replies.part(reply, received.address(i), received.length(i));
            if (received.segmentBytes(i) > 0 && received.segmentBytes(i) < received.length(i)) {
                replies.segment(reply, received.segmentBytes(i));
            }
        }
        refused += count - SendAll.send(replies, syscalls, fd);
        return count;
    }

    /** Replies that the kernel did not take: whoever waits for them counts them as lost. */
    public long refused() {
        return refused;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            syscalls.close(fd);
        }
    }
}
