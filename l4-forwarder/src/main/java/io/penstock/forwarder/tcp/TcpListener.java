package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLEXCLUSIVE;
import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.SocketConstants.IPPROTO_TCP;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.ListenerChange.Listening;
import io.penstock.forwarder.table.Admission;
import io.penstock.forwarder.table.BackendPool;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.TcpOptions;
import io.penstock.linux.Errno;
import io.penstock.linux.SocketAddress;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import io.penstock.net.Endpoint;

/**
 * One worker's listening socket of one endpoint. Level-triggered, so that clients beyond a turn's batch come with the
 * next one. NOT thread safe.
 */
public final class TcpListener {
    private final TcpForwarder tcp;
    private final int slot;
    private final int fd;
    private final boolean shared;
    /** Each client may have come to another address. */
    private final boolean anyAddress;
    /** And to another port: what a rule of the firewall brings here keeps the address and port it was sent to. */
    private final boolean anyPort;
    /** Clients have no address; the last one's number stands for a port, so that flows are spread. */
    private final boolean unix;

    private int unixClients;

    private final AcceptBatch batch = new AcceptBatch();
    private final AcceptHold hold;
    /** Whether epoll tells of clients. */
    private boolean armed;
    /** The last batch ended because nobody is left in the kernel's queue, or nobody may be taken now. */
    private boolean drained;

    private boolean heldBack;
    private ListenerSpec spec;

    TcpListener(TcpForwarder tcp, Listening socket, int slot) {
        this.tcp = tcp;
        this.slot = slot;
        fd = socket.fd();
        shared = socket.shared();
        spec = socket.spec();
        anyPort = !spec.isUnix() && spec.bind().transparent();
        unix = spec.isUnix();
        anyAddress = !unix && (anyPort || spec.endpoint().address().isAny());
        hold = new AcceptHold(tcp, this);
    }

    int fd() {
        return fd;
    }

    int slot() {
        return slot;
    }

    /** Where workers share a queue, a client wakes one of them, or a few, and not all; see epoll_ctl(2). */
    int resume() {
        // One that is held back arms itself when it may go on.
        return armed || !hold.isFree() ? 0 : arm();
    }

    int arm() {
        int events = shared ? EPOLLIN | EPOLLEXCLUSIVE : EPOLLIN;
        int result = tcp.epoll().add(fd, events, EventToken.of(0, slot, EventKind.TCP_LISTENER));
        armed = result >= 0;
        return result;
    }

    void pause() {
        hold.release();
        disarm();
    }

    void disarm() {
        if (armed) {
            tcp.epoll().remove(fd);
            armed = false;
        }
    }

    /** Of its service, by the current table. */
    Admission admission() {
        return tcp.service(spec.serviceIndex()).admission();
    }

    void onReadable() {
        batch.taken(accept(batch.size(tcp.turn())));
    }

    /** Whether there was a client, and room for it. */
    boolean acceptOne() {
        return accept(1) == 1;
    }

    /** Whether it was for want of room that the last look took nobody. */
    boolean isHeldBack() {
        return heldBack;
    }

    /** Takes up to so many clients; how many there were. Afterwards {@link #drained} says whether to go on. */
    private int accept(int limit) {
        int accepted = 0;
        drained = false;
        heldBack = false;
        for (int tries = 0; tries < AcceptBatch.MAX && accepted < limit; tries++) {
            Admission admission = admission();
            if (admission != Admission.OPEN && !hold.tryEnter(admission)) {
                drained = true;
                heldBack = true;
                break;
            }
            int clientFd = tcp.sockets().accept(fd);
            if (clientFd < 0 && admission != Admission.OPEN) {
                Admittance.giveBack(tcp, admission);
            }
            if (clientFd >= 0) {
                accepted++;
                onAccepted(clientFd, admission);
                drained = tcp.isAcceptingPaused();
            } else if (TcpForwarder.isExhaustion(clientFd)) {
                tcp.pauseAccepting();
                drained = true;
            } else if (clientFd == -Errno.EAGAIN) {
                drained = true;
            } else if (isDead(clientFd)) {
                throw new IllegalStateException("listener " + spec + ": accept: " + Errno.describe(-clientFd));
            }
            // Anything else is the error of a client that is gone already (accept(2)): the next one.
            if (drained) {
                break;
            }
        }
        return accepted;
    }

    /** The socket no longer listens: it would be readable, and refuse, for ever. */
    private static boolean isDead(int result) {
        return result == -Errno.EBADF || result == -Errno.EINVAL || result == -Errno.ENOTSOCK;
    }

    /** Accepts what a full queue can hold, and not what keeps coming meanwhile. */
    void acceptQueued() {
        drained = false;
        for (int accepted = 0; !drained && accepted < TcpOptions.MAX_BACKLOG; accepted += AcceptBatch.MAX) {
            accept(AcceptBatch.MAX);
        }
    }

    private void onAccepted(int clientFd, Admission entered) {
        tcp.counters().increment(TcpCounter.ACCEPTED);
        Service service = tcp.service(spec.serviceIndex());
        Arrival arrival = tcp.arrival();
        arrival.serviceIndex = spec.serviceIndex();
        arrival.fd = clientFd;
        arrival.listener = spec.endpoint();
        arrival.anyAddress = anyAddress;
        SocketAddress peer = tcp.sockets().peer();
        arrival.sourceHigh = unix ? 0 : peer.high();
        arrival.sourceLow = unix ? 0 : peer.low();
        arrival.sourcePort = unix ? ++unixClients & Endpoint.MAX_PORT : peer.port();
        if (service.proxyInput().trusts(arrival.sourceHigh, arrival.sourceLow)) {
            SocketAddress local = anyPort ? tcp.sockets().local(clientFd) : null;
            arrival.port = local == null ? spec.endpoint().port() : local.port();
            tcp.openProxied(arrival, entered);
            return;
        }
        BackendPool pool = service.poolFor(arrival.sourceHigh, arrival.sourceLow);
        boolean bySource = pool.hashInput().source();
        long localHigh = spec.endpoint().address().high();
        long localLow = spec.endpoint().address().low();
        arrival.port = spec.endpoint().port();
        SocketAddress local =
                anyPort || (anyAddress && !bySource) ? tcp.sockets().local(clientFd) : null;
        if (local != null) {
            localHigh = local.high();
            localLow = local.low();
            arrival.port = local.port();
        }
        arrival.flowHash = bySource
                ? pool.sourceHash(arrival.sourceHigh, arrival.sourceLow)
                : pool.flowHash(
                        arrival.sourceHigh,
                        arrival.sourceLow,
                        arrival.sourcePort,
                        localHigh,
                        localLow,
                        arrival.port,
                        IPPROTO_TCP);
        tcp.open(arrival, entered);
    }

    /** Other settings for the same address. What the kernel refuses stays as it was. */
    void update(ListenerSpec next) {
        if (next.serviceIndex() != spec.serviceIndex()) {
            hold.moveOn();
        }
        spec = next;
        configure(tcp.sockets(), fd, next);
    }

    void close() {
        hold.release();
        tcp.syscalls().close(fd);
    }

    /** A socket that listens, whose options every accepted one inherits; or {@code -errno}. */
    public static int bind(Syscalls syscalls, Sockets sockets, ListenerSpec spec) {
        int fd = sockets.bind(spec.endpoint(), spec.dualStack(), spec.bind());
        if (fd < 0) {
            return fd;
        }
        TcpOptions options = spec.tcp();
        int result = DeadPeerDetection.enable(sockets, fd, options);
        if (result >= 0 && options.deferAcceptS() > 0) {
            result = sockets.deferAccept(fd, options.deferAcceptS());
        }
        if (result >= 0 && options.fastOpenQueue() > 0) {
            result = sockets.fastOpen(fd, options.fastOpenQueue());
        }
        result = result < 0 ? result : sockets.listen(fd, options.backlog());
        if (result < 0) {
            syscalls.close(fd);
            return result;
        }
        return fd;
    }

    /** The options of a socket that listens already, whatever they were before. 0 or {@code -errno}. */
    public static int configure(Sockets sockets, int fd, ListenerSpec spec) {
        TcpOptions options = spec.tcp();
        if (spec.isUnix()) {
            return sockets.listen(fd, options.backlog());
        }
        int result = sockets.noDelay(fd);
        result = result < 0 ? result : DeadPeerDetection.renew(sockets, fd, options);
        result = result < 0 ? result : sockets.deferAccept(fd, options.deferAcceptS());
        if (result >= 0 && options.fastOpenQueue() > 0) {
            result = sockets.fastOpen(fd, options.fastOpenQueue());
        }
        return result < 0 ? result : sockets.listen(fd, options.backlog());
    }
}
