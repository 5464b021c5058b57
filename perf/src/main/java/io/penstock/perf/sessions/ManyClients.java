package io.penstock.perf.sessions;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.udp.SendAll;
import java.util.function.Consumer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One socket that is thousands of clients, each with an address of its own from 127.64.0.0 on: on Linux all of 127.0.0.0/8
 * is this host. NOT thread safe.
 */
final class ManyClients implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int BUFFER_BYTES = 16 << 20;
    private static final int ANSWER_BYTES = 2048;
    private static final int FIRST = 127 << 24 | 64 << 16;

    private static final IpAddress TARGET = IpAddress.ofIpv4(0x7f000001);

    private final Syscalls syscalls;
    private final int fd;
    private final SendBatch questions = new SendBatch(BATCH, 1);
    private final ReceiveBatch answers = new ReceiveBatch(BATCH, ANSWER_BYTES);
    private final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BATCH * Query.BYTES, 64));
    private final Query query = new Query();

    /** All of one port; fails with the kernel's word. */
    ManyClients(Syscalls syscalls, int port) {
        this.syscalls = syscalls;
        DatagramSockets sockets = new DatagramSockets(syscalls);
        fd = sockets.bind(new Endpoint(IpAddress.ANY_IPV4, port), false, BindOptions.NONE);
        int result = fd < 0 ? fd : sockets.buffers(fd, BUFFER_BYTES, BUFFER_BYTES);
        if (result < 0) {
            close();
            throw new IllegalStateException("clients: " + Errno.describe(-result));
        }
    }

    /** Has a query of a client sent to a port of 127.0.0.1, by the next {@link #flush} at the latest. */
    void send(int port, int stream, int flow, long number) {
        if (questions.isFull()) {
            flush();
        }
        int message = questions.add();
        long address = memory.addressOffset() + (long) message * Query.BYTES;
        query.wrap(address).write(stream, flow, number);
        questions.to(message, TARGET.high(), TARGET.low(), port, 0);
        questions.from(message, 0, IpAddress.ofIpv4(FIRST + flow).low());
        questions.part(message, address, Query.BYTES);
    }

    /** What the kernel refuses is never answered, and so found to have failed. */
    void flush() {
        if (questions.size() > 0) {
            SendAll.send(questions, syscalls, fd);
            questions.clear();
        }
    }

    /** Hands over the answers that wait, at most a batch; how many. */
    int receive(Consumer<Query> onAnswer) {
        int count = answers.receive(syscalls, fd, 0, BATCH);
        for (int i = 0; i < count; i++) {
            if (answers.length(i) == Query.BYTES) {
                onAnswer.accept(query.wrap(answers.address(i)));
            }
        }
        return Math.max(0, count);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            syscalls.close(fd);
        }
    }
}
