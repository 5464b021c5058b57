package io.penstock.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.Errors.NativeIoException;
import io.penstock.linux.Errno;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** One address of a server: who listens there, and whom it has let in. Safe from any thread. */
final class AdminListener {
    private static final int BACKLOG = 64;

    /** A peer that has vanished is found out by a heartbeat or an answer that nobody confirms for so long; see tcp(7). */
    private static final int USER_TIMEOUT_MS = 60_000;

    private final AdminAddress address;
    private final Answering answering;
    private final ChannelGroup connections;
    private final Channel channel;

    private AdminListener(AdminAddress address, Answering answering, ChannelGroup connections, Channel channel) {
        this.address = address;
        this.answering = answering;
        this.connections = connections;
        this.channel = channel;
    }

    /**
     * What all listeners of a server share.
     *
     * @param tls of the addresses that speak it
     */
    record Server(
            AdminConfig config,
            Router router,
            RequestListener listener,
            Optional<ServerTls> tls,
            EventLoopGroup group,
            ExecutorService handlers) {}

    /** @throws IOException when the address cannot be listened on; the message says which and why */
    static AdminListener open(AdminAddress address, Server server) throws IOException {
        if (address.isTls() && server.tls.isEmpty()) {
            throw new IOException("cannot listen on " + address + ": there is no certificate");
        }
        Gate gate = new Gate(address, server.config, server.listener);
        Answering answering = new Answering(server.router, server.listener, gate, new EventStreams(), server.handlers);
        ChannelGroup connections = new DefaultChannelGroup(server.group.next());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(server.group)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                // Read one request at a time; the next stays in the kernel until this one is answered.
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ConnectionInitializer(
                        connections, gate, address.isTls() ? server.tls : Optional.empty(), answering));
        try {
            return new AdminListener(address, answering, connections, bind(bootstrap, address));
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + reason(e), e);
        }
    }

    private static Channel bind(ServerBootstrap bootstrap, AdminAddress address) throws IOException {
        if (address instanceof AdminAddress.Unix unix) {
            UnixSocketFile file = new UnixSocketFile(unix.path());
            return file.publish(temporary -> await(
                    bootstrap.channel(EpollServerDomainSocketChannel.class).bind(temporary)));
        }
        return await(bootstrap
                .childOption(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)
                .channel(EpollServerSocketChannel.class)
                .bind(address.socketAddress()));
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

    AdminAddress address() {
        return address;
    }

    /** The address is free for another process when this returns. */
    void stopListening() {
        if (channel.isOpen()) {
            if (address instanceof AdminAddress.Unix unix) {
                new UnixSocketFile(unix.path()).removeIfNobodyElses(channel);
            }
            channel.close().awaitUninterruptibly();
        }
        answering.stop();
    }

    ChannelGroupFuture closeConnections() {
        return connections.close();
    }
}
