package io.penstock.health;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends a datagram and waits for one: a new connected socket each time, which hears from this target only, is told when
 * nobody is there (ICMP), and never takes the late answer to an earlier probe for its own.
 */
final class DatagramProber implements Prober {
    private static final int MAX_DATAGRAM = 65_535;

    /**
     * See ip(7) and ipv6(7), numbers from linux/in.h and linux/in6.h: errors that may pass, such as host unreachable, are
     * told as well.
     */
    private static final ChannelOption<Integer> IP_RECVERR = new IntegerUnixChannelOption("IP_RECVERR", 0, 11);

    private static final ChannelOption<Integer> IPV6_RECVERR = new IntegerUnixChannelOption("IPV6_RECVERR", 41, 25);

    private final EventLoop loop;
    private final Route route;
    private final long timeoutNs;
    private final byte[] send;
    private final Optional<Probe.Expect> expect;
    private final boolean silenceIsSuccess;
    private Attempt attempt;

    DatagramProber(EventLoop loop, Route route, long timeoutNs, Probe.Udp udp) {
        this.loop = loop;
        this.route = route;
        this.timeoutNs = timeoutNs;
        send = udp.send().toBytes();
        expect = udp.expect();
        silenceIsSuccess = udp.silenceIsSuccess();
    }

    @Override
    public void start(Consumer<ProbeResult> done) {
        attempt = new Attempt(done);
        attempt.start();
    }

    @Override
    public void cancel() {
        if (attempt != null) {
            attempt.cancel();
        }
    }

    private ProbeResult onSilence() {
        String evidence = "no answer within " + timeoutNs / 1_000_000 + " ms";
        return silenceIsSuccess ? ProbeResult.success(evidence + ", no ICMP error") : ProbeResult.failure(evidence);
    }

    /** One socket, from its making to the one result. */
    private final class Attempt extends SimpleChannelInboundHandler<DatagramPacket> {
        private final Consumer<ProbeResult> done;
        private EpollDatagramChannel channel;
        private Deadline deadline;
        private boolean over;

        Attempt(Consumer<ProbeResult> done) {
            this.done = done;
        }

        void start() {
            try {
                channel = new EpollDatagramChannel(
                        route.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
                channel.config().setOption(route.isIpv4() ? IP_RECVERR : IPV6_RECVERR, 1);
                route.mark(channel);
            } catch (ChannelException e) {
                finish(ProbeResult.noVerdict(Evidence.of(e)));
                return;
            }
            channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(MAX_DATAGRAM));
            channel.pipeline().addLast(this);
            deadline = new Deadline(loop, timeoutNs, () -> finish(onSilence()));
            loop.register(channel).addListener(registered -> {
                if (registered.isSuccess()) {
                    connect();
                } else {
                    finish(ProbeResult.noVerdict(Evidence.of(registered.cause())));
                }
            });
        }

        private void connect() {
            channel.connect(route.target(), route.source()).addListener(connected -> {
                if (!connected.isSuccess()) {
                    onFailed(connected.cause());
                } else if (send.length == 0) {
                    sendNothing();
                } else {
                    channel.writeAndFlush(Unpooled.wrappedBuffer(send)).addListener(sent -> {
                        if (!sent.isSuccess()) {
                            onFailed(sent.cause());
                        }
                    });
                }
            });
        }

        /** Past the channel, which takes an empty buffer for one that is sent already. */
        private void sendNothing() {
            try {
                int unused = channel.fd().write(ByteBuffer.allocateDirect(1), 0, 0);
            } catch (IOException e) {
                onFailed(e);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            if (expect.isEmpty()) {
                finish(ProbeResult.success("answer"));
                return;
            }
            Expectation expectation = Expectation.of(expect.get());
            expectation.add(datagram.content());
            finish(
                    expectation.isFound()
                            ? ProbeResult.success("expected answer")
                            : ProbeResult.failure(
                                    "not the expected answer, but " + expectation.octets() + " other octets"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            onFailed(cause);
        }

        private void onFailed(Throwable cause) {
            finish(Evidence.result(cause, route));
        }

        private void finish(ProbeResult result) {
            if (!over) {
                cancel();
                done.accept(result);
            }
        }

        void cancel() {
            over = true;
            if (deadline != null) {
                deadline.cancel();
            }
            if (channel != null) {
                // A channel that never got to its event loop has no pipeline to close it.
                channel.unsafe().closeForcibly();
            }
        }
    }
}
