package io.penstock.forwarder.listen;

import static io.penstock.linux.FcntlConstants.F_DUPFD_CLOEXEC;
import static io.penstock.linux.SocketConstants.SOL_SOCKET;
import static io.penstock.linux.SocketConstants.SO_REUSEPORT;

import io.penstock.forwarder.control.Listeners.ListenException;
import io.penstock.forwarder.table.ListenerSpec;
import io.penstock.forwarder.table.Transport;
import io.penstock.forwarder.tcp.TcpListener;
import io.penstock.forwarder.udp.UdpListenerSocket;
import io.penstock.linux.DatagramSockets;
import io.penstock.linux.Errno;
import io.penstock.linux.Sockets;
import io.penstock.linux.Syscalls;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a socket of one address for each worker. As a rule they are as many, in one SO_REUSEPORT group. Of inherited ones
 * none is left out, since who is queued there would be reset: a worker may get several, and the group is filled up until
 * all have equally many. Inherited ones without SO_REUSEPORT that are too few are shared, as are UNIX sockets, which have no
 * such groups.
 *
 * <p>A group of UDP that was inherited stays as it is, and none of its sockets is shared: the kernel chooses the socket of
 * a datagram by a hash over the whole group, so one more or one less would take sessions from the worker that has them.
 * When they are fewer than workers, the others have none. NOT thread safe.
 */
final class SocketOpener {
    private static final Logger LOG = LoggerFactory.getLogger(SocketOpener.class);

    private final Syscalls syscalls;
    private final Sockets sockets;
    private final DatagramSockets datagrams;
    private final UnixListeners unixListeners;
    private final int workers;

    SocketOpener(Syscalls syscalls, int workers) {
        this.syscalls = syscalls;
        sockets = new Sockets(syscalls);
        datagrams = new DatagramSockets(syscalls);
        unixListeners = new UnixListeners(syscalls);
        this.workers = workers;
    }

    /** Which has the files of what is opened here. */
    UnixListeners unixListeners() {
        return unixListeners;
    }

    /** Nobody else listens there: SO_REUSEPORT would let another forwarder of the same user do so in silence. */
    void checkFree(ListenerSpec spec) throws ListenException {
        if (spec.isUnix()) {
            unixListeners.checkFree(spec.endpoint().unix().orElseThrow());
            return;
        }
        boolean udp = spec.transport() == Transport.UDP;
        refuse(
                spec,
                udp
                        ? datagrams.probeFree(spec.endpoint(), spec.dualStack(), spec.bind())
                        : sockets.probeFree(spec.endpoint(), spec.dualStack(), spec.bind()));
    }

    /** @param inherited of the same address, which become part of what is returned; closed when this fails */
    List<ListeningSocket> open(ListenerSpec spec, List<Integer> inherited) throws ListenException {
        if (spec.isUnix() && inherited.isEmpty()) {
            int fd = unixListeners.open(
                    spec.endpoint().unix().orElseThrow(), spec.tcp().backlog());
            return open(spec, List.of(fd));
        }
        List<ListeningSocket> all = new ArrayList<>();
        for (int fd : inherited) {
            all.add(new ListeningSocket(all.size() % workers, fd, false, false));
        }
        try {
            for (int fd : inherited) {
                refuse(spec, configure(fd, spec));
            }
            if (spec.transport() == Transport.UDP && !inherited.isEmpty()) {
                logIdleWorkers(spec, all.size());
                return all;
            }
            if (isGroup(inherited)) {
                while (all.size() < workers || all.size() % workers != 0) {
                    all.add(new ListeningSocket(all.size() % workers, bound(spec), false, false));
                }
                return all;
            }
            return inherited.size() >= workers ? all : shared(spec, inherited, all);
        } catch (ListenException e) {
            close(all);
            throw e;
        }
    }

    private boolean isGroup(List<Integer> inherited) {
        for (int fd : inherited) {
            if (sockets.option(fd, SOL_SOCKET, SO_REUSEPORT) <= 0) {
                return false;
            }
        }
        return true;
    }

    private int configure(int fd, ListenerSpec spec) {
        return spec.transport() == Transport.UDP
                ? UdpListenerSocket.configure(datagrams, fd, spec)
                : TcpListener.configure(sockets, fd, spec);
    }

    private void logIdleWorkers(ListenerSpec spec, int count) {
        if (count < workers) {
            LOG.info(
                    "event=udp-sockets-inherited address={} sockets={} workers={} effect=\"as many workers serve it\"",
                    spec,
                    count,
                    workers);
        }
    }

    private int bound(ListenerSpec spec) throws ListenException {
        return refuse(
                spec,
                spec.transport() == Transport.UDP
                        ? UdpListenerSocket.bind(syscalls, datagrams, spec)
                        : TcpListener.bind(syscalls, sockets, spec));
    }

    /** Each worker closes a descriptor of its own. */
    private List<ListeningSocket> shared(ListenerSpec spec, List<Integer> inherited, List<ListeningSocket> all)
            throws ListenException {
        all.replaceAll(socket -> new ListeningSocket(socket.worker(), socket.fd(), false, true));
        for (int worker = inherited.size(); worker < workers; worker++) {
            int original = inherited.get(worker % inherited.size());
            int copy = refuse(spec, syscalls.fcntl(original, F_DUPFD_CLOEXEC, 0));
            all.add(new ListeningSocket(worker, copy, true, true));
        }
        return all;
    }

    void close(List<ListeningSocket> all) {
        all.forEach(socket -> syscalls.close(socket.fd()));
    }

    private static int refuse(ListenerSpec spec, int result) throws ListenException {
        if (result == -Errno.EACCES) {
            throw new ListenException("cannot listen on " + spec + ": " + Errno.describe(Errno.EACCES)
                    + "; ports below 1024 need root or CAP_NET_BIND_SERVICE");
        }
        if (result == -Errno.EPERM) {
            throw new ListenException("cannot listen on " + spec + ": " + Errno.describe(Errno.EPERM)
                    + "; transparent listeners need root, CAP_NET_ADMIN or CAP_NET_RAW");
        }
        if (result == -Errno.EADDRNOTAVAIL) {
            throw new ListenException("cannot listen on " + spec + ": " + Errno.describe(Errno.EADDRNOTAVAIL)
                    + "; the service needs freebind: true to listen on an address before this host has it");
        }
        if (result < 0) {
            throw new ListenException("cannot listen on " + spec + ": " + Errno.describe(-result));
        }
        return result;
    }
}
