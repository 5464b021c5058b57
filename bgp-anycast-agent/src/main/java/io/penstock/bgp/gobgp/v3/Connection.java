package io.penstock.bgp.gobgp.v3;

import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.DaemonConfig.Address;
import io.penstock.bgp.gobgp.DaemonException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The way to a daemon: one gRPC channel at a time, and the one thread that all of it runs on. A channel that failed is never used again:
 * its own attempts to come back would wait up to two minutes, with the certificates of its beginning. Safe from any thread.
 */
final class Connection implements AutoCloseable {
    /** A neighbour's paths can leave the table by one event. */
    private static final int MAX_MESSAGE_OCTETS = 64 << 20;

    private static final long CLOSE_LIMIT_MS = 2_000;

    private final DaemonConfig config;
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, Connection::newThread, EpollIoHandler.newFactory());

    /** Null when the next call is to make one. Guarded by this, as are the others. */
    private ManagedChannel current;

    /** Calls on them may be under way. */
    private final List<ManagedChannel> retired = new ArrayList<>();

    private boolean closed;

    Connection(DaemonConfig config) {
        this.config = config;
    }

    private static Thread newThread(Runnable loop) {
        Thread thread = new FastThreadLocalThread(loop, "bgp-gobgp");
        thread.setDaemon(true);
        return thread;
    }

    synchronized ManagedChannel channel() throws DaemonException {
        if (closed) {
            throw new DaemonException(DaemonException.Kind.UNREACHABLE, "closed");
        }
        if (current == null) {
            try {
                current = open();
            } catch (IOException e) {
                throw new DaemonException(DaemonException.Kind.UNREACHABLE, e.getMessage());
            }
        }
        return current;
    }

    private ManagedChannel open() throws IOException {
        NettyChannelBuilder builder;
        if (config.address() instanceof Address.Unix unix) {
            builder = NettyChannelBuilder.forAddress(
                            new DomainSocketAddress(unix.path().toString()))
                    // The name of a file is none of a host.
                    .overrideAuthority("localhost")
                    .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class);
        } else {
            Address.Tcp tcp = (Address.Tcp) config.address();
            builder = NettyChannelBuilder.forAddress(tcp.host(), tcp.port()).channelType(EpollSocketChannel.class);
        }
        if (config.tls().isPresent()) {
            builder.sslContext(ClientTls.context(config.tls().get())).negotiationType(NegotiationType.TLS);
            config.tls().get().serverName().ifPresent(builder::overrideAuthority);
        } else {
            builder.negotiationType(NegotiationType.PLAINTEXT);
        }
        return builder.eventLoopGroup(group)
                .directExecutor()
                // A proxy of the environment is for the Web.
                .proxyDetector(target -> null)
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE_OCTETS)
                .build();
    }

    /** What is under way on it goes on. */
    synchronized void retire(ManagedChannel channel) {
        if (channel == current) {
            current = null;
            retired.removeIf(ManagedChannel::isTerminated);
            retired.add(channel.shutdown());
        }
    }

    /** On the thread that answers come on, or here when that has ended. */
    void run(Runnable action) {
        try {
            group.execute(action);
        } catch (RejectedExecutionException closed) {
            action.run();
        }
    }

    /** As {@link #run}, and not at all when the thread ends before. */
    void runLater(Runnable action, Duration delay) {
        try {
            var unused = group.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // What it would look at has ended as well.
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (current != null) {
                retire(current);
            }
            retired.forEach(ManagedChannel::shutdownNow);
        }
        var ended = group.shutdownGracefully(0, CLOSE_LIMIT_MS, TimeUnit.MILLISECONDS);
        // An answer may be what led here; its thread does not wait for itself.
        if (!group.next().inEventLoop()) {
            ended.awaitUninterruptibly(CLOSE_LIMIT_MS);
        }
    }
}
