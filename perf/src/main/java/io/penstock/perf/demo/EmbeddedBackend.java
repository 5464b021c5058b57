package io.penstock.perf.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * A backend inside the demo's process that says who it is: to the demo's clients in {@link FlowProtocol}, to curl in
 * HTTP. It can be killed and started again on the same port, by one thread at a time.
 *
 * <p>Owns a listener with one accepting thread and one thread per connection. {@link #kill} and {@link #close} end them.
 */
final class EmbeddedBackend implements AutoCloseable {
    /** Whatever the clients do, no more threads than this. */
    private static final int CONNECTIONS_MAX = 2_048;

    private static final int BACKLOG = 1_024;
    private static final int BUFFER_BYTES = 32 << 10;
    private static final int HTTP_HEADER_LINES_MAX = 100;
    private static final long KILL_TIMEOUT_SECONDS = 5;

    /** In {@link #live}: connected, and nothing said yet. */
    private static final int ANONYMOUS = -1;

    private final String name;
    private final int port;
    private final ExecutorService connections;
    private final AtomicInteger corrupted = new AtomicInteger();

    /** Connections and their flow's id; guards itself. */
    private final Map<SocketChannel, Integer> live = new HashMap<>();

    private Selector selector;
    private boolean listening;
    private volatile CompletableFuture<Kill> killRequest;

    EmbeddedBackend(String name, int port) {
        this.name = name;
        this.port = port;
        AtomicInteger sequence = new AtomicInteger();
        this.connections =
                new ThreadPoolExecutor(0, CONNECTIONS_MAX, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + sequence.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** Flows whose payload did not arrive as its client sent it. */
    int corrupted() {
        return corrupted.get();
    }

    /** Listens, for the first time or again after {@link #kill}. */
    void start() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        Selector newSelector = Selector.open();
        try {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            listener.configureBlocking(false);
            listener.register(newSelector, SelectionKey.OP_ACCEPT);
        } catch (IOException | RuntimeException e) {
            listener.close();
            newSelector.close();
            throw e;
        }
        selector = newSelector;
        killRequest = null;
        Thread acceptor = new Thread(() -> acceptUntilKilled(listener, newSelector), name);
        acceptor.setDaemon(true);
        acceptor.start();
        listening = true;
    }

    /** Dies like a process does: the listener closes and every connection is reset. Returns once that has happened. */
    Kill kill() throws IOException {
        CompletableFuture<Kill> request = new CompletableFuture<>();
        listening = false;
        killRequest = request;
        selector.wakeup();
        try {
            return request.get(KILL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(name + " could not be killed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (listening) {
            kill();
        }
        connections.shutdownNow();
    }

    private void acceptUntilKilled(ServerSocketChannel listener, Selector ownSelector) {
        try (listener;
                ownSelector) {
            while (killRequest == null) {
                ownSelector.select();
                ownSelector.selectedKeys().clear();
                acceptAll(listener);
            }
            killRequest.complete(die(listener, ownSelector));
        } catch (IOException | RuntimeException e) {
            CompletableFuture<Kill> request = killRequest;
            if (request == null) {
                throw new IllegalStateException(name + " stopped accepting", e);
            }
            request.completeExceptionally(e);
        }
    }

    private void acceptAll(ServerSocketChannel listener) throws IOException {
        for (SocketChannel accepted = listener.accept(); accepted != null; accepted = listener.accept()) {
            SocketChannel connection = accepted;
            synchronized (live) {
                live.put(connection, ANONYMOUS);
            }
            try {
                connections.execute(() -> serve(connection));
            } catch (RejectedExecutionException full) {
                forget(connection);
            }
        }
    }

    private Kill die(ServerSocketChannel listener, Selector ownSelector) throws IOException {
        long startNs = System.nanoTime();
        // A channel that a selector still knows is only closed when that selector looks again; forget it first, so that
        // close below means close.
        listener.keyFor(ownSelector).cancel();
        ownSelector.selectNow();
        // What waits in the accept queue is ours too, and shall be counted before the listener's close resets it.
        acceptAll(listener);
        listener.close();
        Set<Integer> openFlows = new HashSet<>();
        int anonymous = 0;
        synchronized (live) {
            for (Map.Entry<SocketChannel, Integer> entry : live.entrySet()) {
                if (entry.getValue() == ANONYMOUS) {
                    anonymous++;
                } else {
                    openFlows.add(entry.getValue());
                }
                reset(entry.getKey());
            }
            live.clear();
        }
        return new Kill(name, startNs, System.nanoTime(), Set.copyOf(openFlows), anonymous);
    }

    /** A linger time of zero makes close send RST, as the kernel does for a process that dies with unread bytes. */
    private static void reset(SocketChannel connection) {
        try {
            connection.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyGone) {
            // Closing is all that is left to do.
        }
        close(connection);
    }

    private static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException alreadyGone) {
            // Nothing of it is left that could be closed.
        }
    }

    private void forget(SocketChannel connection) {
        // First close, then remove: whoever is not in the map is closed in order and owes its client nothing.
        close(connection);
        synchronized (live) {
            live.remove(connection);
        }
    }

    private void serve(SocketChannel connection) {
        try {
            InputStream in = new BufferedInputStream(Channels.newInputStream(connection), BUFFER_BYTES);
            OutputStream out = Channels.newOutputStream(connection);
            String first = FlowProtocol.readLine(in);
            if (first == null) {
                return; // A health check: connected, said nothing, left.
            }
            FlowProtocol.Hello hello = FlowProtocol.Hello.parse(first).orElse(null);
            if (hello != null) {
                echo(connection, hello, in, out);
            } else if (first.startsWith("GET ") || first.startsWith("HEAD ")) {
                answerHttp(first, in, out);
            }
        } catch (IOException | IllegalArgumentException endedByPeerOrKill) {
            // The client knows better than we do whether this matters.
        } finally {
            forget(connection);
        }
    }

    private void echo(SocketChannel connection, FlowProtocol.Hello hello, InputStream in, OutputStream out)
            throws IOException {
        synchronized (live) {
            if (live.replace(connection, hello.id()) == null) {
                return; // Killed meanwhile, and counted as anonymous.
            }
        }
        out.write(FlowProtocol.ascii(name + "\n"));
        CRC32C crc = new CRC32C();
        long received = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            crc.update(buffer, 0, count);
            received += count;
            out.write(buffer, 0, count);
        }
        if (received != hello.bytes() || crc.getValue() != hello.crc()) {
            corrupted.incrementAndGet();
        }
        out.write(FlowProtocol.ascii(FlowProtocol.trailerLine(crc.getValue())));
    }

    private void answerHttp(String requestLine, InputStream in, OutputStream out) throws IOException {
        // Unread request bytes would turn our close into a reset.
        String line = FlowProtocol.readLine(in);
        for (int lines = 0; line != null && !line.isEmpty() && lines < HTTP_HEADER_LINES_MAX; lines++) {
            line = FlowProtocol.readLine(in);
        }
        String body = "hello from " + name + "\n";
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n";
        out.write(FlowProtocol.ascii(requestLine.startsWith("HEAD ") ? head : head + body));
    }
}
