package io.penstock.health;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.Optional;

/** Sends octets and waits for others. */
final class ExchangeDialogue implements Dialogue {
    private final byte[] send;
    private final Optional<Probe.Expect> expect;

    ExchangeDialogue(Probe.Exchange exchange) {
        send = exchange.send().toBytes();
        expect = exchange.expect();
    }

    @Override
    public void begin(StreamAttempt stream) {
        if (expect.isPresent()) {
            stream.await("expected answer");
            stream.listen(new Answer(stream, expect.get()));
            stream.send(send);
        } else {
            stream.await("end of sending");
            stream.send(send, () -> stream.succeed("sent"));
        }
    }

    private static final class Answer extends SimpleChannelInboundHandler<ByteBuf> {
        private final StreamAttempt stream;
        private final ExpectationReader reader;

        Answer(StreamAttempt stream, Probe.Expect expect) {
            this.stream = stream;
            reader = new ExpectationReader(
                    stream.channel().eventLoop(), expect, () -> stream.succeed("expected answer"));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf piece) {
            reader.read(piece);
            if (reader.isFull() && !reader.end()) {
                stream.fail("not the expected answer in the first 64 KiB");
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!reader.end()) {
                stream.fail("connection closed without the expected answer, after " + reader.octets() + " octets");
            }
        }
    }
}
