package io.penstock.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.Optional;

/** Sets up a connection of one listener, if it does not have too many. On the event loop, like all connections. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    /** Of each listener, so that those who come over the network keep nobody from the UNIX socket. */
    static final int MAX_CONNECTIONS = 64;

    private static final int MAX_LINE_OCTETS = 4_096;
    private static final int MAX_HEADER_OCTETS = 8_192;
    private static final int MAX_CHUNK_OCTETS = 8_192;

    private final ChannelGroup connections;
    private final Gate gate;
    private final Optional<ServerTls> tls;
    private final Answering answering;

    ConnectionInitializer(ChannelGroup connections, Gate gate, Optional<ServerTls> tls, Answering answering) {
        this.connections = connections;
        this.gate = gate;
        this.tls = tls;
        this.answering = answering;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            // Not kept waiting: a scraper that is turned away at once says so.
            gate.count(AdminRefusal.TOO_MANY_CONNECTIONS);
            var unused = channel.close();
            return;
        }
        connections.add(channel);
        ConnectionClock clock = new ConnectionClock();
        ChannelPipeline pipeline = channel.pipeline();
        tls.ifPresent(context -> pipeline.addLast(context.newHandler(channel.alloc()), new TlsWatch(gate)));
        pipeline.addLast(clock);
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_OCTETS)
                .setMaxHeaderSize(MAX_HEADER_OCTETS)
                .setMaxChunkSize(MAX_CHUNK_OCTETS)));
        pipeline.addLast(new WholeRequests(clock));
        pipeline.addLast(new RequestTurn(answering, clock));
    }
}
