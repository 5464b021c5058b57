package io.penstock.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;

/** Sets up a connection, if there are not too many. On the event loop, like all connections. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    static final int MAX_CONNECTIONS = 64;
    private static final int MAX_LINE_OCTETS = 4_096;
    private static final int MAX_HEADER_OCTETS = 8_192;
    private static final int MAX_CHUNK_OCTETS = 8_192;

    private final ChannelGroup connections;
    private final Answering answering;

    ConnectionInitializer(ChannelGroup connections, Answering answering) {
        this.connections = connections;
        this.answering = answering;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            // Not kept waiting: a scraper that is turned away at once says so.
            var unused = channel.close();
            return;
        }
        connections.add(channel);
        ConnectionClock clock = new ConnectionClock();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(clock);
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE_OCTETS)
                .setMaxHeaderSize(MAX_HEADER_OCTETS)
                .setMaxChunkSize(MAX_CHUNK_OCTETS)));
        pipeline.addLast(new WholeRequests(clock));
        pipeline.addLast(new RequestTurn(answering, clock));
    }
}
