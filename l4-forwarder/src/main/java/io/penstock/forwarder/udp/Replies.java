package io.penstock.forwarder.udp;

import io.penstock.forwarder.table.UdpOptions;
import io.penstock.linux.Errno;
import io.penstock.linux.ReceiveBatch;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;

/**
 * Replies of backends on their way to clients: read from sessions' sockets into a batch, and sent from there through the
 * listener that the clients sent to. One worker's own.
 */
final class Replies implements SendQueue.Side {
    /** Messages; one may hold several datagrams. */
    private static final int CAPACITY = 64;

    /** That one session may have read in a turn: beyond it, the others are first. */
    private static final int SHARE = 16;

    /** Payload of one reading from which on a session is a bulky one, however few messages hold it. */
    private static final int BULKY_BYTES = 32 << 10;

    private static final int IPV6_MULTICAST = 0xff;

    private final UdpForwarder udp;
    private final Syscalls syscalls;
    private final ReceiveBatch batch = new ReceiveBatch(CAPACITY, ReceiveBatch.MAX_BYTES);
    private final SendQueue queue;
    private int used;
    /** Of everything in the batch; null while that is nothing. */
    private UdpListener listener;

    Replies(UdpForwarder udp, Syscalls syscalls) {
        this.udp = udp;
        this.syscalls = syscalls;
        queue = new SendQueue(syscalls, CAPACITY, this);
    }

    /** Reads what came for a session, up to its share. */
    void read(Session session) {
        if (session.listener() != listener || CAPACITY - used < SHARE) {
            flush();
            listener = session.listener();
        }
        int count = batch.receiveConnected(syscalls, session.fd(), used, SHARE);
        if (count < 0) {
            if (count != -Errno.EAGAIN) {
                // In place of which datagrams may wait, that no further event tells of.
                udp.onError(session, -count);
                udp.enqueue(session);
            }
            return;
        }
        long bytes = add(session, count);
        if (session.isComplete() && udp.awaitsReplies(session)) {
            udp.sessions().end(session, EndReason.COMPLETED);
            return;
        }
        if (session.isLeaving() && !session.isAwaited(UdpForwarder.LEAVING_NS, udp.nowNs())) {
            udp.sessions().end(session, EndReason.DRAINED);
            return;
        }
        if (count == SHARE || bytes >= BULKY_BYTES) {
            enlargeBuffers(session);
        }
        if (count == SHARE) {
            udp.enqueue(session);
        }
    }

    /** As its service has them, once: two system calls that only sessions with much to carry are worth. */
    private void enlargeBuffers(Session session) {
        if (session.hasLargeBuffers()) {
            return;
        }
        session.onLargeBuffers();
        UdpOptions options = session.listener().options();
        // What the kernel refuses stays as it was.
        udp.sockets().buffers(session.fd(), options.receiveBufferBytes(), options.sendBufferBytes());
    }

    /** The payload, in bytes. */
    private long add(Session session, int count) {
        int datagrams = 0;
        long bytes = 0;
        for (int i = used; i < used + count; i++) {
            if (batch.isTruncated(i)) {
                udp.counters().increment(UdpCounter.TRUNCATED);
                continue;
            }
            int several =
                    queue.add(session, batch.address(i), batch.length(i), batch.segmentBytes(i), batch.trafficClass(i));
            if (several > 1) {
                udp.counters().increment(UdpCounter.GROUPS_RECEIVED);
            }
            datagrams += several;
            bytes += batch.length(i);
        }
        used += count;
        udp.counters().add(UdpCounter.DATAGRAMS_FROM_BACKENDS, datagrams);
        udp.onReplies(session, datagrams, bytes);
        return bytes;
    }

    /** Sends what was read. */
    void flush() {
        if (!queue.isEmpty()) {
            queue.flush(listener.fd());
        }
        used = 0;
        listener = null;
    }

    /** By the index, where the addresses of a session that has just ended still stand. */
    @Override
    public void address(SendBatch message, int i, Session session, int trafficClass) {
        SessionIndex index = udp.sessions().index();
        int slot = session.slot();
        long high = index.clientHigh(slot);
        long low = index.clientLow(slot);
        message.to(i, high, low, index.clientPort(slot), session.clientScope());
        if (listener.hasAnyAddress() && index.localHigh(slot) >>> 56 != IPV6_MULTICAST) {
            message.from(i, index.localHigh(slot), index.localLow(slot));
        }
        if (trafficClass != 0) {
            message.trafficClass(i, trafficClass, IpAddress.isIpv4(high, low));
        }
    }

    @Override
    public int cutLimit(Session session) {
        return session.clientCutLimit();
    }

    @Override
    public void onCutRefused(Session session, int longestBytes) {
        udp.counters().increment(UdpCounter.GROUPS_REFUSED);
        session.clientCutLimit(longestBytes);
    }

    /** A socket that is not connected is told nothing of earlier datagrams. */
    @Override
    public int retry(Session session, int fd, int errno) {
        return DROP;
    }

    @Override
    public void onSent(Session session, int datagrams, long bytes) {
        udp.counters().add(UdpCounter.DATAGRAMS_TO_CLIENTS, datagrams);
        udp.counters().add(UdpCounter.BYTES_TO_CLIENTS, bytes);
        if (datagrams > 1) {
            udp.counters().increment(UdpCounter.GROUPS_SENT);
        }
    }

    @Override
    public void onDropped(Session session, int datagrams, int errno) {
        UdpCounter counter =
                switch (errno) {
                    case Errno.EMSGSIZE -> UdpCounter.TO_CLIENTS_TOO_LONG;
                    case Errno.EAGAIN, Errno.ENOBUFS -> UdpCounter.TO_CLIENTS_QUEUE_FULL;
                    default -> UdpCounter.TO_CLIENTS_FAILED;
                };
        udp.counters().add(counter, datagrams);
    }
}
