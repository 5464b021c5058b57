package io.penstock.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Puts a request together, up to a size; one that is bigger is refused before it is read. */
final class WholeRequests extends HttpObjectAggregator {
    /** Of strangers, too, before they are told that they may not; the longest order has some hundred octets. */
    static final int MAX_BODY_OCTETS = 1 << 16;

    private static final int TOO_LARGE = HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code();

    private final ConnectionClock clock;

    WholeRequests(ConnectionClock clock) {
        super(MAX_BODY_OCTETS);
        this.clock = clock;
    }

    @Override
    protected Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        Object response = super.newContinueResponse(start, maxContentLength, pipeline);
        boolean tooLarge =
                response instanceof FullHttpResponse full && full.status().code() == TOO_LARGE;
        return tooLarge ? refusal() : response;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        clock.closeAfter(context.writeAndFlush(refusal()));
    }

    private static FullHttpResponse refusal() {
        return Responses.closing(
                AdminResponse.error(TOO_LARGE, "the body is larger than " + MAX_BODY_OCTETS + " octets"));
    }
}
