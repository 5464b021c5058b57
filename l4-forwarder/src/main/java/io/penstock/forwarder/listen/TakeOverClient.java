package io.penstock.forwarder.listen;

import io.penstock.forwarder.listen.TakeOverConnection.Sessions;
import io.penstock.forwarder.listen.TakeOverConnection.Word;
import io.penstock.forwarder.table.ListenerSpec.Address;
import io.penstock.forwarder.udp.HandedSession;
import io.penstock.linux.Errno;
import io.penstock.linux.PacketSockets;
import io.penstock.linux.Syscalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newer process's side of a hand-over. Until {@link #confirm} the running one goes on whatever happens here. On the
 * starting thread.
 */
public final class TakeOverClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TakeOverClient.class);

    /** The other one answers at once, unless the host is very busy. */
    private static final int TIMEOUT_S = 30;

    private final Syscalls syscalls;
    private final TakeOverConnection connection;
    private final int pid;
    /** In the order in which they came, which sessions name them by. */
    private List<Integer> sockets = List.of();

    private TakeOverClient(Syscalls syscalls, TakeOverConnection connection, int pid) {
        this.syscalls = syscalls;
        this.connection = connection;
        this.pid = pid;
    }

    /** Empty when no forwarder runs there. */
    public static Optional<TakeOverClient> connect(Syscalls syscalls, Path path) throws TakeOverException {
        PacketSockets sockets = new PacketSockets(syscalls);
        int fd = sockets.connect(path);
        if (fd == -Errno.ENOENT || fd == -Errno.ECONNREFUSED) {
            LOG.info(
                    "event=take-over role=new socket={} outcome=none effect=\"nobody runs there: an ordinary start\"",
                    path);
            return Optional.empty();
        }
        if (fd < 0) {
            throw new TakeOverException("cannot connect to " + path + ": " + Errno.describe(-fd));
        }
        sockets.timeout(fd, TIMEOUT_S);
        PacketSockets.Credentials running = sockets.credentials(fd);
        return Optional.of(new TakeOverClient(
                syscalls, new TakeOverConnection(syscalls, fd), running == null ? 0 : running.pid()));
    }

    /**
     * Adds the running forwarder's sockets: both processes have them now, and only the running one accepts.
     *
     * @return what its operator changed
     */
    public String receive(InheritedSockets inherited) throws TakeOverException {
        LOG.info("event=take-over role=new pid={} step=asked", pid);
        connection.say(Word.HELLO);
        List<Integer> fds = connection.receiveSockets();
        sockets = fds;
        SocketInspector inspector = new SocketInspector(syscalls);
        for (int fd : fds) {
            Optional<Address> address = inspector.adopt(fd);
            if (address.isPresent()) {
                inherited.add(address.get(), fd);
            } else {
                syscalls.close(fd);
            }
        }
        LOG.info("event=take-over role=new pid={} step=received sockets={}", pid, fds.size());
        return connection.receiveOverrides();
    }

    /**
     * Says that this process accepts, takes the running one's UDP sessions, and waits until that has let go. One that has
     * ended meanwhile, or is about to, has let go too.
     *
     * @return what its operator has changed until then; empty when it cannot say any more
     * @throws TakeOverException when it did not, and goes on itself
     */
    public Optional<String> confirm(SessionHeir heir) throws TakeOverException {
        try {
            connection.say(Word.READY);
            String overrides = connection.receiveOverrides();
            for (Optional<Sessions> next = connection.receiveSessions();
                    next.isPresent();
                    next = connection.receiveSessions()) {
                connection.sayTaken(heir.adopt(
                        byDescriptor(next.get().sessions()), next.get().count()));
            }
            LOG.info("event=take-over role=new pid={} step=done", pid);
            return Optional.of(overrides);
        } catch (TakeOverException e) {
            if (!e.isGone()) {
                throw e;
            }
            LOG.warn("event=take-over role=new pid={} step=done cause=\"{}\"", pid, e.getMessage());
            return Optional.empty();
        }
    }

    /** A place that there is not stands for no descriptor. */
    private List<HandedSession> byDescriptor(List<HandedSession> sessions) {
        List<HandedSession> known = new ArrayList<>();
        for (HandedSession session : sessions) {
            int fd = session.listener() < sockets.size() ? sockets.get(session.listener()) : -1;
            known.add(session.as(fd, session.fd()));
        }
        return known;
    }

    @Override
    public void close() {
        connection.close();
    }
}
