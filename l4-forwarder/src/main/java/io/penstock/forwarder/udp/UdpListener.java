package io.penstock.forwarder.udp;

import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;

/**
 * One worker's socket of one endpoint, which clients send to and are answered from. Level-triggered, so that datagrams
 * beyond a turn's batches come with the next one. NOT thread safe.
 */
final class UdpListener {
    static final int MAX_SLOTS = 1 << 20;

    /** A turn's share, so that replies and other listeners are not kept waiting. */
    private static final int BATCHES_PER_TURN = 4;

    private static final int SCOPE_SHIFT = 20;

    private final UdpForwarder udp;
    private final int slot;
    private final int id;
    private final int fd;
    /** Each datagram may have been sent to another address, which its replies have to come from. */
    private final boolean anyAddress;

    private boolean armed;
    /** As the kernel had counted when it was asked last. */
    private long drops;
    /** Whether something has come since then; else nothing was dropped. */
    private boolean wasRead;

    private ListenerSpec spec;

    /** @param id of this listener alone, for as long as the worker runs */
    UdpListener(UdpForwarder udp, Listening socket, int slot, int id) {
        this.udp = udp;
        this.slot = slot;
        this.id = id;
        fd = socket.fd();
        spec = socket.spec();
        anyAddress = UdpListenerSocket.hasAnyAddress(spec);
    }

    int fd() {
        return fd;
    }

    int slot() {
        return slot;
    }

    int id() {
        return id;
    }

    int serviceIndex() {
        return spec.serviceIndex();
    }

    boolean hasAnyAddress() {
        return anyAddress;
    }

    Endpoint endpoint() {
        return spec.endpoint();
    }

    long addressHigh() {
        return spec.endpoint().address().high();
    }

    long addressLow() {
        return spec.endpoint().address().low();
    }

    int port() {
        return spec.endpoint().port();
    }

    /** Of its service. What a table says of them may be of a later one, which speaks another protocol. */
    UdpOptions options() {
        return spec.udp();
    }

    /**
     * What tells its sessions from those of the same addresses at another interface; never negative.
     *
     * @param clientScope the interface of a link-local client; else 0
     */
    int key(int clientScope) {
        return (slot | (clientScope << SCOPE_SHIFT)) & Integer.MAX_VALUE;
    }

    /**
     * What tells sessions of one client at different backends apart, where each datagram is balanced by itself; always
     * negative. Two backends with the same number would share a session, whose backend gets the datagrams of both.
     */
    static int key(BackendLoad load) {
        return System.identityHashCode(load) | Integer.MIN_VALUE;
    }

    /** 0 or {@code -errno}. */
    int resume() {
        if (armed) {
            return 0;
        }
        int result = udp.epoll().add(fd, EPOLLIN, EventToken.of(0, slot, EventKind.UDP_LISTENER));
        armed = result >= 0;
        return result;
    }

    void pause() {
        if (armed) {
            udp.epoll().remove(fd);
            armed = false;
        }
    }

    /** Reads up to a turn's share; whether there may be more. */
    boolean onReadable() {
        wasRead = true;
        for (int batch = 0; batch < BATCHES_PER_TURN; batch++) {
            int count = udp.clientBatch().forward(this);
            if (count < 0 && count != -Errno.EAGAIN) {
                udp.counters().increment(UdpCounter.RECEIVE_FAILED);
            }
            if (count < ClientBatch.CAPACITY) {
                return false;
            }
        }
        return true;
    }

    /** What the kernel has dropped until now is not this worker's: another process may have had the socket. */
    void ignoreDrops() {
        drops = udp.sockets().receiveDrops(fd);
    }

    /** Counts what the kernel has dropped since the last time. */
    void countDrops() {
        if (!wasRead) {
            return;
        }
        wasRead = false;
        long now = udp.sockets().receiveDrops(fd);
        if (now >= 0) {
            // The kernel's number has 32 bits.
            udp.counters().add(UdpCounter.RECEIVE_BUFFER_DROPS, (now - drops) & 0xffffffffL);
            drops = now;
        }
    }

    /** Other settings for the same address. What the kernel refuses stays as it was. */
    void update(ListenerSpec next) {
        spec = next;
        UdpListenerSocket.configure(udp.sockets(), fd, next);
    }

    void close() {
        pause();
        countDrops();
        udp.syscalls().close(fd);
    }
}
