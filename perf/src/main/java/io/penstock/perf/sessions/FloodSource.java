package io.penstock.perf.sessions;

import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.rig.LoopbackPorts;
import io.penstock.perf.udp.SendAll;
import java.io.IOException;
import java.util.SplittableRandom;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams that nobody means, each from a random address of 127.128.0.0/9 and one of {@value #PORTS} ports: a billion
 * clients that come once. Answers are not read. NOT thread safe.
 */
final class FloodSource implements AutoCloseable {
    static final int PORTS = 128;

    private static final int BATCH = 64;
    private static final int BATCHES_PER_TURN = 4;
    private static final int FIRST = 127 << 24 | 128 << 16;
    private static final int ADDRESSES = 1 << 23;

    /** What clients do not read fills this, and then the kernel drops it. */
    private static final int RECEIVE_BYTES = 4096;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final IpAddress TARGET = IpAddress.ofIpv4(0x7f000001);

    /** A stream's number that no answer belongs to. */
    private static final int NO_STREAM = -1;

    private final Syscalls syscalls;
    private final int port;
    private final double perSecond;
    private final long startNs;
    private final int[] fds = new int[PORTS];
    private final SplittableRandom random = new SplittableRandom(1);
    private final SendBatch batch = new SendBatch(BATCH, 1);
    private final UnsafeBuffer payload = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Query.BYTES, 64));
    private int nextFd;
    private int bound;
    private long sent;

    /**
     * Begins at once.
     *
     * @param port of 127.0.0.1
     * @param perSecond infinite: as fast as it can
     */
    FloodSource(Syscalls syscalls, int port, double perSecond, long startNs) throws IOException {
        this.syscalls = syscalls;
        this.port = port;
        this.perSecond = perSecond;
        this.startNs = startNs;
        new Query().wrap(payload.addressOffset()).write(NO_STREAM, 0, 0);
        DatagramSockets sockets = new DatagramSockets(syscalls);
        for (int source : LoopbackPorts.pick(PORTS)) {
            int fd = sockets.bind(new Endpoint(IpAddress.ANY_IPV4, source), false, BindOptions.NONE);
            if (fd < 0) {
                close();
                throw new IllegalStateException("flood: " + Errno.describe(-fd));
            }
            fds[bound++] = fd;
            int unused = sockets.buffers(fd, RECEIVE_BYTES, 0);
        }
    }

    /** Datagrams that the kernel took. */
    long sent() {
        return sent;
    }

    double perSecond(long nowNs) {
        return sent * NANOS_PER_SECOND / (nowNs - startNs);
    }

    /** Sends what is due, at most a few batches; how many. */
    int turn(long nowNs) {
        long before = sent;
        for (int i = 0; i < BATCHES_PER_TURN && sent + BATCH <= (nowNs - startNs) / NANOS_PER_SECOND * perSecond; i++) {
            batch.clear();
            while (!batch.isFull()) {
                int message = batch.add();
                batch.to(message, TARGET.high(), TARGET.low(), port, 0);
                batch.from(
                        message,
                        0,
                        IpAddress.ofIpv4(FIRST + random.nextInt(ADDRESSES)).low());
                batch.part(message, payload.addressOffset(), Query.BYTES);
            }
            sent += SendAll.send(batch, syscalls, fds[nextFd]);
            nextFd = (nextFd + 1) % PORTS;
        }
        return (int) (sent - before);
    }

    @Override
    public void close() {
        while (bound > 0) {
            syscalls.close(fds[--bound]);
        }
    }
}
