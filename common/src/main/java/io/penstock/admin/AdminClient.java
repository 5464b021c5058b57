package io.penstock.admin;

import com.google.gson.JsonElement;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.linux.Errno;
import io.penstock.net.Endpoint;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks an {@link AdminServer}, over TCP, TLS or a UNIX socket, one request a connection. The token goes along only where it
 * is needed: not to a UNIX socket, and not in the clear with what changes nothing. Safe from any thread.
 */
public final class AdminClient implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 2_000;
    private static final int MAX_ANSWER_OCTETS = 64 << 20;
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private final AdminAddress address;
    private final AdminCredentials credentials;
    private final Duration timeout;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("admin-client", true), EpollIoHandler.newFactory());

    /** To whom nothing need be shown. */
    public AdminClient(AdminAddress address, Duration timeout) {
        this(address, AdminCredentials.NONE, timeout);
    }

    /**
     * Starts a thread, and connects to nobody yet.
     *
     * @param timeout for an answer, from the connect on
     */
    public AdminClient(AdminAddress address, AdminCredentials credentials, Duration timeout) {
        this.address = address;
        this.credentials = credentials;
        this.timeout = timeout;
    }

    /**
     * What the server said, errors included.
     *
     * @param status of HTTP
     */
    public record Reply(int status, String body) {
        public boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /** Nobody answers at the address, or not in time, or cannot be asked; the message says which. */
    public static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }

        /** Whether the kernel says that nobody listens there; false when someone may, and is slow, or cannot be reached. */
        public boolean isNobodyThere() {
            Throwable failure =
                    getCause() instanceof ExecutionException ? getCause().getCause() : getCause();
            return failure instanceof FileNotFoundException
                    || (failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException));
        }
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param uri path and query, encoded
     */
    public Reply send(String method, String uri, Optional<JsonElement> body)
            throws NoAnswerException, InterruptedException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        ChannelHandler[] handlers = {new HttpObjectAggregator(MAX_ANSWER_OCTETS), new Answer(reply)};
        Channel channel = send(request(method, uri, body), reply::completeExceptionally, handlers);
        try {
            return await(reply, timeout);
        } finally {
            var unused = channel.close();
        }
    }

    /**
     * Asks for a stream of events, and waits until the server ends it.
     *
     * @param lastEventId what was seen last of an earlier stream, {@link ServerSentEvent#NO_ID} for nothing
     * @param consumer is given each event, on the thread of this client: as long as it takes, nothing more is read
     * @return why there was no stream, or a success without a body when it has ended
     * @throws NoAnswerException also when a stream breaks off or falls silent
     */
    public Reply stream(String uri, long lastEventId, Consumer<ServerSentEvent> consumer)
            throws NoAnswerException, InterruptedException {
        StreamAnswer answer = new StreamAnswer(consumer);
        FullHttpRequest request = request("GET", uri, Optional.empty());
        request.headers().set(HttpHeaderNames.ACCEPT, "text/event-stream");
        if (lastEventId != ServerSentEvent.NO_ID) {
            request.headers().set("last-event-id", lastEventId);
        }
        Channel channel = send(request, answer::fail, answer);
        try {
            await(answer.begun(), timeout);
            return await(answer.ended(), FOREVER);
        } finally {
            var unused = channel.close();
        }
    }

    private Channel send(FullHttpRequest request, Consumer<Throwable> onFailure, ChannelHandler... handlers)
            throws NoAnswerException {
        ChannelFuture connect = bootstrap(tls(), handlers).connect(address.socketAddress());
        Channel channel = connect.channel();
        connect.addListener(connected -> {
            if (connected.isSuccess()) {
                channel.writeAndFlush(request).addListener(sent -> {
                    if (!sent.isSuccess()) {
                        onFailure.accept(sent.cause());
                    }
                });
            } else {
                request.release();
                onFailure.accept(connected.cause());
            }
        });
        return channel;
    }

    private <T> T await(CompletableFuture<T> answer, Duration atMost) throws NoAnswerException, InterruptedException {
        try {
            return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NoAnswerException("no answer from " + address + " within " + atMost.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new NoAnswerException("no answer from " + address + ": " + reason(e.getCause()), e);
        }
    }

    private Optional<SslContext> tls() throws NoAnswerException {
        try {
            return address.isTls() ? Optional.of(credentials.sslContext()) : Optional.empty();
        } catch (IOException e) {
            throw cannotAsk(e);
        }
    }

    private NoAnswerException cannotAsk(IOException e) {
        return new NoAnswerException("cannot ask " + address + ": " + e.getMessage(), e);
    }

    private Bootstrap bootstrap(Optional<SslContext> tls, ChannelHandler... handlers) {
        boolean unix = address instanceof AdminAddress.Unix;
        return new Bootstrap()
                .group(group)
                .channel(unix ? EpollDomainSocketChannel.class : EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.ifPresent(context -> channel.pipeline().addLast(newHandler(context, channel)));
                        channel.pipeline().addLast(new HttpClientCodec()).addLast(handlers);
                    }
                });
    }

    private SslHandler newHandler(SslContext context, Channel channel) {
        Endpoint server = ((AdminAddress.Tcp) address).endpoint();
        return context.newHandler(
                channel.alloc(),
                credentials.serverName().orElse(server.address().toString()),
                server.port());
    }

    private FullHttpRequest request(String method, String uri, Optional<JsonElement> body) throws NoAnswerException {
        byte[] octets = body.map(value -> Json.text(value).getBytes(StandardCharsets.UTF_8))
                .orElse(new byte[0]);
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri, Unpooled.wrappedBuffer(octets));
        request.headers()
                .set(
                        HttpHeaderNames.HOST,
                        address instanceof AdminAddress.Tcp tcp ? tcp.endpoint().toString() : "localhost")
                .set(HttpHeaderNames.CONNECTION, "close")
                .set(HttpHeaderNames.CONTENT_LENGTH, octets.length);
        if (!method.equals("GET") && !method.equals("DELETE")) {
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, AdminResponse.JSON);
        }
        Optional<String> token = token(method);
        token.ifPresent(text -> request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + text));
        return request;
    }

    private Optional<String> token(String method) throws NoAnswerException {
        boolean needed = address.isTls() || (address instanceof AdminAddress.Tcp && !method.equals("GET"));
        try {
            return needed && credentials.tokenFile().isPresent()
                    ? Optional.of(TokenFile.read(credentials.tokenFile().get()))
                    : Optional.empty();
        } catch (IOException e) {
            throw cannotAsk(e);
        }
    }

    private static String reason(Throwable cause) {
        if (cause instanceof NativeIoException kernel) {
            return Errno.describe(-kernel.expectedErr());
        }
        if (cause instanceof FileNotFoundException) {
            return "No such file or directory";
        }
        // Netty's connect exceptions have the kernel's words in a message of several parts.
        String message = String.valueOf(cause.getMessage());
        int words = message.indexOf("): ");
        return words < 0 ? message : message.substring(words + 3).replaceFirst(": [^ ]*$", "");
    }

    private static final class Answer extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final CompletableFuture<Reply> reply;

        Answer(CompletableFuture<Reply> reply) {
            this.reply = reply;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            if (response.decoderResult().isFailure()) {
                reply.completeExceptionally(new IOException("it does not speak HTTP"));
            } else {
                reply.complete(
                        new Reply(response.status().code(), response.content().toString(StandardCharsets.UTF_8)));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            reply.completeExceptionally(new IOException("it closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    @Override
    public void close() {
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
