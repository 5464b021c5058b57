package io.penstock.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.linux.Errno;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Listens, and answers by a {@link Router}, until it is closed. Owns an event loop and the threads that handlers run on,
 * so that one that waits (a reload may take long) holds up neither the others nor the loop. Safe from any thread.
 */
public final class AdminServer implements AutoCloseable {
    /** One waits for a reload, and metrics, health and a person who looks are served all the same. */
    private static final int HANDLER_THREADS = 4;

    private static final int BACKLOG = 64;
    private static final long QUIET_PERIOD_MS = 0;
    private static final long STOP_TIMEOUT_MS = 2_000;

    private final EventLoopGroup group;
    private final ExecutorService handlers;
    private final ChannelGroup connections;
    private final EventStreams streams;
    private final Channel listener;
    private final AdminAddress address;

    private AdminServer(
            EventLoopGroup group,
            ExecutorService handlers,
            ChannelGroup connections,
            EventStreams streams,
            Channel listener,
            AdminAddress address) {
        this.group = group;
        this.handlers = handlers;
        this.connections = connections;
        this.streams = streams;
        this.listener = listener;
        this.address = address;
    }

    /**
     * Binds and serves.
     *
     * @param threadName at most 11 characters, since numbers come behind it
     * @throws IOException when the address cannot be listened on; the message says which and why
     */
    public static AdminServer start(AdminAddress address, Router router, RequestListener listener, String threadName)
            throws IOException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(threadName, true), EpollIoHandler.newFactory());
        ExecutorService handlers = new ThreadPoolExecutor(
                HANDLER_THREADS,
                HANDLER_THREADS,
                0,
                TimeUnit.SECONDS,
                // A connection has one request at a time, so it never holds more than there are connections.
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(threadName + "-x", true));
        ChannelGroup connections = new DefaultChannelGroup(group.next());
        EventStreams streams = new EventStreams();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                // Read one request at a time; the next stays in the kernel until this one is answered.
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ConnectionInitializer(
                        connections, new Answering(router, listener, HostRule.of(address), streams, handlers)));
        try {
            return new AdminServer(group, handlers, connections, streams, bind(bootstrap, address), address);
        } catch (IOException e) {
            var unused = group.shutdownGracefully(QUIET_PERIOD_MS, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
            handlers.shutdownNow();
            throw new IOException("cannot listen on " + address + ": " + reason(e), e);
        }
    }

    private static Channel bind(ServerBootstrap bootstrap, AdminAddress address) throws IOException {
        if (address instanceof AdminAddress.Unix unix) {
            UnixSocketFile file = new UnixSocketFile(unix.path());
            return file.publish(temporary -> await(
                    bootstrap.channel(EpollServerDomainSocketChannel.class).bind(temporary)));
        }
        return await(bootstrap.channel(EpollServerSocketChannel.class).bind(address.socketAddress()));
    }

    private static Channel await(ChannelFuture bound) throws IOException {
        bound.awaitUninterruptibly();
        if (bound.cause() instanceof IOException e) {
            throw e;
        }
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause());
        }
        return bound.channel();
    }

    private static String reason(IOException e) {
        if (e instanceof NativeIoException kernel) {
            return Errno.describe(-kernel.expectedErr());
        }
        return e.getMessage();
    }

    public AdminAddress address() {
        return address;
    }

    /**
     * Stops listening, so that another process can take the address, and answers what is under way: connections that
     * are open end with their next answer, or by {@link #close}. Streams end, and find the other process when they come
     * back.
     */
    public void stopListening() {
        streams.close();
        if (listener.isOpen()) {
            if (address instanceof AdminAddress.Unix unix) {
                new UnixSocketFile(unix.path()).removeIfNobodyElses(listener);
            }
            listener.close().awaitUninterruptibly();
        }
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
        connections.close().awaitUninterruptibly(STOP_TIMEOUT_MS);
        handlers.shutdownNow();
        group.shutdownGracefully(QUIET_PERIOD_MS, STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(STOP_TIMEOUT_MS);
    }
}
