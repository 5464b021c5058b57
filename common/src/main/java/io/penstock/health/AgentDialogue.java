package io.penstock.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/** Reads an agent's line; the evidence is the line as it came. */
final class AgentDialogue implements Dialogue {
    /** Far more than all words there are. */
    static final int MAX_LINE_OCTETS = 4 * 1024;

    private final byte[] send;

    AgentDialogue(Octets send) {
        this.send = send.toBytes();
    }

    @Override
    public void begin(StreamAttempt stream) {
        stream.await("line");
        stream.listen(new Line(stream));
        stream.send(send);
    }

    private static final class Line extends SimpleChannelInboundHandler<ByteBuf> {
        private final StreamAttempt stream;
        private final StringBuilder line = new StringBuilder();

        Line(StreamAttempt stream) {
            this.stream = stream;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf piece) {
            for (int i = piece.readerIndex(); i < piece.writerIndex(); i++) {
                byte octet = piece.getByte(i);
                if (octet == '\n' || octet == '\r') {
                    stream.succeed(line.toString());
                    return;
                }
                if (octet == 0 || line.length() == MAX_LINE_OCTETS) {
                    stream.fail("no line of text");
                    return;
                }
                line.append((char) (octet & 0xff));
            }
        }
    }
}
