package io.penstock.forwarder.listen;

import static io.penstock.linux.SocketConstants.SHUT_RDWR;

import io.penstock.forwarder.listen.TakeOverConnection.Word;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.linux.Errno;
import io.penstock.linux.PacketSockets;
import io.penstock.linux.PacketSockets.Credentials;
import io.penstock.linux.Syscalls;
import io.penstock.process.BugHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running process's side of hand-overs, on a thread of its own, {@code fwd-take-over}: gives every listening socket, and
 * what the operator changed, to a newer process that asks, one at a time, and lets go once that accepts. Whatever fails before, this one goes on.
 */
public final class TakeOverServer implements AutoCloseable {
    /** What happens to the process whose sockets these are; called on this server's thread. */
    public interface Owner {
        /** What the operator wants otherwise than the file says, now; not empty. */
        String overrides();

        /** Closes what both cannot have, an admin listener for one. */
        void letGo();

        /** The newer process is gone after all: what {@link #letGo} closed is needed again. */
        void takeBack();

        /**
         * The newer process has all it needs: nothing shall be accepted any more.
         *
         * @param pid its own; 0 when it is not known
         */
        void onHandedOver(int pid);
    }

    private static final Logger LOG = LoggerFactory.getLogger(TakeOverServer.class);

    /** A newer process says each of its words at once, but for a host that is very busy. */
    private static final int TIMEOUT_S = 20;

    private static final int RETRY_S = 1;

    private final Syscalls syscalls;
    private final PacketSockets sockets;
    private final Path path;
    private final ListenerSet listeners;
    private final WorkerSessions sessions;
    private final Owner owner;
    private final Thread thread = BugHandler.thread(this::run, "fwd-take-over");
    private final CountDownLatch closing = new CountDownLatch(1);

    private TakeOverSocket socket;
    /** Whose descriptor may be closed at any time but under the lock; negative for none. */
    private int peerFd = -1;
    /** Who has taken over. */
    private int heir;

    TakeOverServer(
            Syscalls syscalls,
            Path path,
            TakeOverSocket socket,
            ListenerSet listeners,
            WorkerSessions sessions,
            Owner owner) {
        this.syscalls = syscalls;
        this.path = path;
        this.socket = socket;
        this.listeners = listeners;
        this.sessions = sessions;
        this.owner = owner;
        sockets = new PacketSockets(syscalls);
    }

    void start() {
        thread.start();
    }

    private void run() {
        boolean handedOver = false;
        while (!handedOver && socket != null && !isClosing()) {
            int fd = socket.accept();
            if (fd >= 0) {
                handedOver = serve(fd);
            } else if (!isClosing()) {
                LOG.warn("event=take-over role=running step=accept cause=\"{}\"", Errno.describe(-fd));
                awaitClosing(RETRY_S);
            }
        }
        if (socket != null) {
            letSocketGo();
        }
        if (handedOver) {
            listeners.onHandedOver();
            owner.onHandedOver(heir);
        }
    }

    private boolean serve(int fd) {
        synchronized (this) {
            peerFd = fd;
        }
        sockets.timeout(fd, TIMEOUT_S);
        Credentials peer = sockets.credentials(fd);
        TakeOverConnection connection = new TakeOverConnection(syscalls, fd);
        try {
            return handOver(connection, peer);
        } finally {
            synchronized (this) {
                peerFd = -1;
                connection.close();
            }
        }
    }

    private boolean handOver(TakeOverConnection connection, Credentials peer) {
        int pid = peer == null ? 0 : peer.pid();
        try {
            if (!socket.trusts(peer)) {
                throw new TakeOverException("only root and the user that this process runs as may take over");
            }
            connection.await(Word.HELLO);
            int count = offer(connection);
            connection.sendOverrides(owner.overrides());
            LOG.info("event=take-over role=running pid={} step=offered sockets={}", pid, count);
            connection.await(Word.READY);
        } catch (TakeOverException e) {
            LOG.warn(
                    "event=take-over role=running pid={} step=failed cause=\"{}\" effect=\"this process goes on\"",
                    pid,
                    e.getMessage());
            refuse(connection);
            return false;
        }
        letSocketGo();
        owner.letGo();
        try {
            // Again: the operator could ask until the admin listener closed.
            connection.sendOverrides(owner.overrides());
            handOverSessions(connection, pid);
            connection.say(Word.DONE);
        } catch (TakeOverException e) {
            LOG.error(
                    "event=take-over role=running pid={} step=lost cause=\"{}\" effect=\"this process goes on\"",
                    pid,
                    e.getMessage());
            sessions.resume();
            listenAgain();
            owner.takeBack();
            return false;
        }
        sessions.forget();
        heir = pid;
        LOG.info("event=take-over role=running pid={} step=done effect=\"this process drains\"", pid);
        return true;
    }

    /** Until the end is known nobody reads for them, neither here nor there: two readers would split a client's datagrams. */
    private void handOverSessions(TakeOverConnection connection, int pid) throws TakeOverException {
        List<HandedSession> all = sessions.pause();
        List<HandedSession> offered = listeners.byPlace(all);
        // The oldest is the first to yield, there as here.
        offered.sort(Comparator.comparingLong(
                        (HandedSession session) -> session.progress().ageNs())
                .reversed());
        int taken = connection.sendSessions(offered);
        if (!all.isEmpty()) {
            LOG.info(
                    "event=take-over role=running pid={} step=sessions taken={} ended={}",
                    pid,
                    taken,
                    all.size() - taken);
        }
    }

    private int offer(TakeOverConnection connection) throws TakeOverException {
        List<Integer> fds = listeners.duplicates();
        try {
            connection.sendSockets(fds);
            return fds.size();
        } finally {
            fds.forEach(syscalls::close);
        }
    }

    /** So that the other one is told, and does not take this one for gone. */
    private void refuse(TakeOverConnection connection) {
        if (!isClosing()) {
            try {
                connection.say(Word.REFUSED);
            } catch (TakeOverException e) {
                LOG.debug("event=take-over role=running step=refuse", e);
            }
        }
    }

    private void letSocketGo() {
        synchronized (this) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.warn("event=take-over role=running cause=\"cannot remove the socket's file\"", e);
            }
            socket = null;
        }
    }

    private void listenAgain() {
        try {
            TakeOverSocket next = TakeOverSocket.listen(syscalls, path);
            synchronized (this) {
                socket = next;
            }
        } catch (TakeOverException e) {
            LOG.error("event=take-over role=running step=off cause=\"{}\"", e.getMessage());
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void awaitClosing(int seconds) {
        try {
            if (closing.await(seconds, TimeUnit.SECONDS)) {
                LOG.debug("event=take-over step=closing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a hand-over that is under way, and the thread; the file is gone then. Not for the server's own thread. */
    @Override
    public void close() {
        closing.countDown();
        synchronized (this) {
            if (socket != null) {
                socket.wake();
            }
            if (peerFd >= 0) {
                syscalls.shutdown(peerFd, SHUT_RDWR);
            }
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
