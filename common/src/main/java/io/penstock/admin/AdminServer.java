package io.penstock.admin;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.admin.AdminListener.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Listens at one address or several, and answers by a {@link Router}, until it is closed. Owns an event loop and the
 * threads that handlers run on, so that one that waits (a reload may take long) holds up neither the others nor the loop.
 * Safe from any thread.
 */
public final class AdminServer implements AutoCloseable {
    /** One waits for a reload, and metrics, health and a person who looks are served all the same. */
    private static final int HANDLER_THREADS = 4;

    private static final long QUIET_PERIOD_MS = 0;
    private static final long STOP_TIMEOUT_MS = 2_000;

    private final EventLoopGroup group;
    private final ExecutorService handlers;
    private final List<AdminListener> listeners = new ArrayList<>();

    private AdminServer(String threadName) {
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threadName, true), EpollIoHandler.newFactory());
        handlers = new ThreadPoolExecutor(
                HANDLER_THREADS,
                HANDLER_THREADS,
                0,
                TimeUnit.SECONDS,
                // A connection has one request at a time, so it never holds more than there are connections.
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(threadName + "-x", true));
    }

    /**
     * Binds every address, and serves.
     *
     * @param threadName at most 11 characters, since numbers come behind it
     * @throws IOException when an address cannot be listened on, or TLS cannot be spoken there; the message says which and
     *     why. Nothing is left listening then
     */
    public static AdminServer start(AdminConfig config, Router router, RequestListener listener, String threadName)
            throws IOException {
        AdminServer server = new AdminServer(threadName);
        try {
            server.open(config, router, listener);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private void open(AdminConfig config, Router router, RequestListener listener) throws IOException {
        Optional<ServerTls> tls = config.tls().isPresent()
                ? Optional.of(new ServerTls(config.tls().get()))
                : Optional.empty();
        listener.onListening(config.listen());
        Server shared = new Server(config, router, listener, tls, group, handlers);
        for (AdminAddress address : config.listen()) {
            listeners.add(AdminListener.open(address, shared));
        }
    }

    public List<AdminAddress> addresses() {
        return listeners.stream().map(AdminListener::address).toList();
    }

    /**
     * Stops listening, so that another process can take the addresses, and answers what is under way: connections that
     * are open end with their next answer, or by {@link #close}. Streams end, and find the other process when they come
     * back.
     */
    public void stopListening() {
        listeners.forEach(AdminListener::stopListening);
    }

    /** Ends everything, once requests that are under way are answered, or after two seconds: one may be why the process ends. */
    @Override
    public void close() {
        stopListening();
        handlers.shutdown();
        try {
            boolean unused = handlers.awaitTermination(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listeners.stream()
                .map(AdminListener::closeConnections)
                .toList()
                .forEach(closed -> closed.awaitUninterruptibly(STOP_TIMEOUT_MS));
        handlers.shutdownNow();
        group.shutdownGracefully(QUIET_PERIOD_MS, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(STOP_TIMEOUT_MS);
    }
}
