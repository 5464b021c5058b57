package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A backend whose behaviour is a script, run on a thread for each connection; without a script, the test takes the
 * connections itself with {@link #next}. {@link #close} ends everything.
 */
final class TestBackend implements AutoCloseable {
    /** What the backend does with a connection, which is closed afterwards. */
    interface Script {
        void serve(Socket socket) throws Exception;
    }

    private static final int SOCKET_TIMEOUT_MS = 30_000;
    private static final int CLOSE_MS = 5_000;
    private static final int BACKLOG = 4_096;
    private static final Script BY_HAND = socket -> {};

    private final Script script;
    private final ServerSocket server;
    private final Thread acceptor;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(null, work, "backend", 256 << 10);
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Socket> arrivals = new LinkedBlockingQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();

    private TestBackend(Script script, ServerSocket server) {
        this.script = script;
        this.server = server;
        acceptor = new Thread(this::acceptAll, "backend-accept");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    static TestBackend running(Script script) throws IOException {
        return at("127.0.0.1", 0, script);
    }

    static TestBackend at(String host, int port, Script script) throws IOException {
        return new TestBackend(script, listen(new InetSocketAddress(host, port), 0));
    }

    /** Connections come out of {@link #next}. */
    static TestBackend byHand() throws IOException {
        return byHand(0);
    }

    /** @param receiveBuffer of its sockets, 0 for the kernel's own choice */
    static TestBackend byHand(int receiveBuffer) throws IOException {
        return byHandAt("127.0.0.1", receiveBuffer);
    }

    static TestBackend byHandAt(String host, int receiveBuffer) throws IOException {
        return new TestBackend(BY_HAND, listen(new InetSocketAddress(host, 0), receiveBuffer));
    }

    /** Sends back what it gets, then ends. */
    static TestBackend echo() throws IOException {
        return running(TestBackend::echo);
    }

    static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    /** Says its name and ends. */
    static Script saying(String name) {
        return socket -> socket.getOutputStream().write(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Says something about the connection, and ends. */
    static Script replying(Function<Socket, String> what) {
        return socket -> socket.getOutputStream().write(what.apply(socket).getBytes(StandardCharsets.UTF_8));
    }

    private static ServerSocket listen(InetSocketAddress address, int receiveBuffer) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        if (receiveBuffer > 0) {
            server.setReceiveBufferSize(receiveBuffer);
        }
        server.bind(address, BACKLOG);
        return server;
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    // Came while this was being closed; nobody would serve it.
                    socket.close();
                    return;
                }
                accepted.incrementAndGet();
                socket.setSoTimeout(SOCKET_TIMEOUT_MS);
                socket.setTcpNoDelay(true);
                if (script == BY_HAND) {
                    arrivals.add(socket);
                } else {
                    threads.execute(() -> serve(socket));
                }
            } catch (IOException e) {
                if (!server.isClosed()) {
                    failures.add(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(socket);
        } catch (Exception | AssertionError e) {
            if (!server.isClosed()) {
                failures.add(e);
            }
        } finally {
            open.remove(socket);
        }
    }

    /** The next connection that arrived. */
    Socket next() throws InterruptedException {
        Socket socket = arrivals.poll(15, TimeUnit.SECONDS);
        assertNotNull(socket, "no connection arrived");
        return socket;
    }

    int port() {
        return server.getLocalPort();
    }

    String address() {
        String host = server.getInetAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    int accepted() {
        return accepted.get();
    }

    /** Connections that its scripts have not closed yet. */
    int open() {
        return open.size();
    }

    void assertNoFailures() {
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Override
    public void close() {
        try {
            server.close();
            // The kernel's listening socket lives for as long as a thread is in accept.
            acceptor.join(CLOSE_MS);
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            failures.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
