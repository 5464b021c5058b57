package io.penstock.forwarder.listen;

import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a starting process gets from whoever was before it, and offers to the next one: first {@link #meet}, then, once its
 * workers accept, {@link #confirm} and {@link #offer}. On the starting thread.
 */
public final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private final Syscalls syscalls;
    private final Optional<Path> path;
    private final boolean takeOver;
    private final InheritedSockets sockets;
    private Optional<TakeOverClient> running = Optional.empty();
    private Optional<TakeOverSocket> socket = Optional.empty();
    private Optional<String> overrides = Optional.empty();

    /**
     * Takes what a supervisor has left in the process.
     *
     * @param path of the socket where processes meet; empty for none
     * @param takeOver whether to ask there for a running forwarder's sockets
     * @throws TakeOverException when that cannot be
     */
    public Succession(Syscalls syscalls, Optional<Path> path, boolean takeOver, Map<String, String> environment)
            throws TakeOverException {
        this.syscalls = syscalls;
        this.path = path;
        this.takeOver = takeOver;
        if (takeOver && path.isEmpty()) {
            throw new TakeOverException("--take-over needs take-over: { socket: PATH } in the configuration");
        }
        if (path.isPresent()) {
            TakeOverSocket.checkDirectory(path.get());
        }
        sockets = SocketActivation.take(syscalls, environment);
    }

    /** Whether {@link #meet} is likely to find a forwarder that runs; the socket's file may also be left from one that died. */
    public boolean expectsRunning() {
        return takeOver && path.filter(Files::exists).isPresent();
    }

    /** Asks a running forwarder for its sockets and its operator's changes; without one this process is the first. */
    public void meet() throws TakeOverException {
        if (takeOver) {
            running = TakeOverClient.connect(syscalls, path.orElseThrow());
        }
        if (running.isPresent()) {
            overrides = Optional.of(running.get().receive(sockets));
        } else if (path.isPresent()) {
            socket = Optional.of(TakeOverSocket.listen(syscalls, path.get()));
        }
    }

    /** Whether a forwarder was met that runs still. */
    public boolean isTakingOver() {
        return running.isPresent();
    }

    public InheritedSockets sockets() {
        return sockets;
    }

    /** What the operator changed in the process before this one, as it was told last; empty when there was none. */
    public Optional<String> overrides() {
        return overrides;
    }

    /**
     * This process accepts: the one before may go.
     *
     * @param heir gets that one's UDP sessions, and is for the caller to begin with
     */
    public void confirm(SessionHeir heir) throws TakeOverException {
        if (running.isEmpty()) {
            return;
        }
        overrides = running.get().confirm(heir).or(() -> overrides);
        closeRunning();
        try {
            socket = Optional.of(TakeOverSocket.listen(syscalls, path.orElseThrow()));
        } catch (TakeOverException e) {
            // Too late to refuse to start: nobody else serves the clients.
            LOG.error("event=take-over role=running step=off cause=\"{}\"", e.getMessage());
        }
    }

    /** Lets a newer process take over from now on; empty without a socket to meet at. */
    public Optional<TakeOverServer> offer(
            ListenerSet listeners, List<WorkerProxy> workers, TakeOverServer.Owner owner) {
        Optional<TakeOverServer> server = socket.map(open ->
                new TakeOverServer(syscalls, path.orElseThrow(), open, listeners, new WorkerSessions(workers), owner));
        server.ifPresent(TakeOverServer::start);
        return server;
    }

    private void closeRunning() {
        running.ifPresent(TakeOverClient::close);
        running = Optional.empty();
    }

    /** When the start fails: a running forwarder goes on. */
    public void abandon() {
        closeRunning();
        sockets.close(syscalls);
        socket.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("event=take-over cause=\"cannot remove the socket's file\"", e);
            }
        });
    }
}
