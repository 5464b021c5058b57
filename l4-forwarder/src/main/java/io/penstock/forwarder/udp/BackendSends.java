package io.penstock.forwarder.udp;

import io.penstock.linux.Errno;
import io.penstock.linux.SendBatch;
import io.penstock.linux.Syscalls;

/** Sends clients' datagrams to the backends of their sessions, one session at a time. One worker's own. */
final class BackendSends implements SendQueue.Side {
    private final UdpForwarder udp;
    private final SendQueue queue;
    private Session session;

    /** @param capacity datagrams, or groups of them, that one session can have at a time */
    BackendSends(UdpForwarder udp, Syscalls syscalls, int capacity) {
        this.udp = udp;
        queue = new SendQueue(syscalls, capacity, this);
    }

    /** What follows belongs to this session. */
    void begin(Session session) {
        this.session = session;
    }

    void add(long address, int length, int segmentBytes, int trafficClass) {
        queue.add(session, address, length, segmentBytes, trafficClass);
    }

    void send() {
        queue.flush(session.fd());
    }

    @Override
    public void address(SendBatch batch, int message, Session session, int trafficClass) {
        if (trafficClass != 0) {
            batch.trafficClass(
                    message, trafficClass, session.backend().address().isIpv4());
        }
    }

    @Override
    public int cutLimit(Session session) {
        return session.backendCutLimit();
    }

    @Override
    public void onCutRefused(Session session, int longestBytes) {
        udp.counters().increment(UdpCounter.GROUPS_REFUSED);
        session.backendCutLimit(longestBytes);
    }

    /**
     * What ICMP has said of an earlier datagram is what sending this one returns, and it was not sent. Where nobody listens
     * or nothing leads to, it goes to another backend, if there is one.
     */
    @Override
    public int retry(Session session, int fd, int errno) {
        return switch (errno) {
            case Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH -> {
                udp.onUnreachable(session);
                udp.tryMove(session);
                yield session.fd();
            }
            case Errno.EMSGSIZE, Errno.EPROTO -> fd;
            default -> DROP;
        };
    }

    @Override
    public void onSent(Session session, int datagrams, long bytes) {
        udp.counters().add(UdpCounter.DATAGRAMS_TO_BACKENDS, datagrams);
        udp.counters().add(UdpCounter.BYTES_TO_BACKENDS, bytes);
        if (datagrams > 1) {
            udp.counters().increment(UdpCounter.GROUPS_SENT);
        }
        udp.onForwarded(session, datagrams, bytes);
    }

    @Override
    public void onDropped(Session session, int datagrams, int errno) {
        UdpCounter counter =
                switch (errno) {
                    case Errno.EMSGSIZE -> UdpCounter.TO_BACKENDS_TOO_LONG;
                    case Errno.EAGAIN, Errno.ENOBUFS -> UdpCounter.TO_BACKENDS_QUEUE_FULL;
                    default -> UdpCounter.TO_BACKENDS_FAILED;
                };
        udp.counters().add(counter, datagrams);
    }
}
