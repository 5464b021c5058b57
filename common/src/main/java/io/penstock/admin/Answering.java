package io.penstock.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.penstock.admin.Router.Match;
import io.penstock.admin.Router.NoRouteException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request to its answer: what is wrong with it is said at once, all else by a handler on a thread of its own. */
final class Answering {
    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

    private static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private static final String HEAD = HttpMethod.HEAD.name();

    /** Without a number that is too long for one. */
    private static final Pattern EVENT_ID = Pattern.compile("[1-9][0-9]{0,17}");

    private final Router router;
    private final RequestListener listener;
    private final HostRule hosts;
    private final EventStreams streams;
    private final ExecutorService handlers;

    /**
     * What to send.
     *
     * @param allow methods that the resource has, when this was none of them
     * @param stream what follows the head, and is to be begun
     */
    record Answer(AdminResponse response, Set<String> allow, Optional<EventStream> stream) {
        static Answer of(AdminResponse response) {
            return new Answer(response, Set.of(), Optional.empty());
        }
    }

    Answering(Router router, RequestListener listener, HostRule hosts, EventStreams streams, ExecutorService handlers) {
        this.router = router;
        this.listener = listener;
        this.hosts = hosts;
        this.streams = streams;
        this.handlers = handlers;
    }

    /** @param answered is called exactly once, on any thread; the request is not used after this returns */
    void answer(FullHttpRequest request, Consumer<Answer> answered) {
        String method = request.method().name();
        Consumer<Answer> counted = answer -> {
            listener.onAnswered(method, answer.response().status());
            answered.accept(answer);
        };
        try {
            check(request);
            Match match = router.match(method, request.uri());
            AdminRequest admitted = new AdminRequest(
                    method,
                    match.path(),
                    match.query(),
                    request.headers().get(HttpHeaderNames.ACCEPT, ""),
                    lastEventId(request.headers()),
                    text(request));
            handlers.execute(() -> counted.accept(handle(match.handler(), admitted)));
        } catch (RequestException e) {
            counted.accept(Answer.of(AdminResponse.error(e.status(), e.getMessage())));
        } catch (NoRouteException e) {
            counted.accept(
                    new Answer(AdminResponse.error(Router.status(e), e.getMessage()), e.allowed(), Optional.empty()));
        } catch (RejectedExecutionException e) {
            counted.accept(Answer.of(AdminResponse.error(
                    HttpResponseStatus.SERVICE_UNAVAILABLE.code(), "this process is about to end")));
        }
    }

    private void check(FullHttpRequest request) throws RequestException {
        if (request.decoderResult().isFailure()) {
            throw undecodable(request.decoderResult().cause());
        }
        HttpHeaders headers = request.headers();
        List<String> named = headers.getAll(HttpHeaderNames.HOST);
        if (named.size() > 1 || (named.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            // RFC 9112 section 3.2.
            throw RequestException.badRequest("a request must have one Host header");
        }
        if (!named.isEmpty() && !hosts.allows(named.get(0))) {
            throw new RequestException(
                    HttpResponseStatus.MISDIRECTED_REQUEST.code(),
                    "on loopback the Host header must be an address or localhost, not a name");
        }
        if (WITH_BODY.contains(request.method())) {
            requireJson(request);
        } else if (request.content().isReadable()) {
            throw RequestException.badRequest(request.method() + " takes no body");
        }
    }

    /** Even without a body: a web page can send an order with any other type, but not this one to another origin. */
    private static void requireJson(FullHttpRequest request) throws RequestException {
        CharSequence type = HttpUtil.getMimeType(request);
        if (type == null || !AdminResponse.JSON.contentEquals(type.toString().strip())) {
            throw new RequestException(
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE.code(), "send Content-Type: " + AdminResponse.JSON);
        }
    }

    private static String text(FullHttpRequest request) throws RequestException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(request.content().nioBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw RequestException.badRequest("the body is not UTF-8");
        }
    }

    private static RequestException undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new RequestException(HttpResponseStatus.REQUEST_URI_TOO_LONG.code(), "the first line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new RequestException(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.code(), "the headers are too large");
        }
        return RequestException.badRequest("this is no HTTP/1.1 request");
    }

    /** What another server may have sent is no id of this one. */
    private static OptionalLong lastEventId(HttpHeaders headers) {
        String id = headers.get("last-event-id", "");
        return EVENT_ID.matcher(id).matches() ? OptionalLong.of(Long.parseLong(id)) : OptionalLong.empty();
    }

    private Answer handle(AdminHandler handler, AdminRequest request) {
        try {
            AdminResponse response = handler.handle(request);
            return response.stream().isPresent() && !request.method().equals(HEAD)
                    ? open(response, response.stream().get(), request)
                    : Answer.of(response);
        } catch (RequestException e) {
            return Answer.of(AdminResponse.error(e.status(), e.getMessage()));
        } catch (RuntimeException bug) {
            // The process does its work without this answer; who asked learns that it failed, the log learns where.
            LOG.error("event=admin-bug method={} path={}", request.method(), request.path(), bug);
            return Answer.of(AdminResponse.error(
                    HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), "an internal error; the log says more"));
        }
    }

    private Answer open(AdminResponse response, StreamHandler handler, AdminRequest request) throws RequestException {
        EventStream stream = streams.tryOpen()
                .orElseThrow(() -> new RequestException(
                        HttpResponseStatus.SERVICE_UNAVAILABLE.code(),
                        "there are " + EventStreams.MAX_STREAMS + " streams already"));
        boolean opened = false;
        try {
            handler.open(request, stream);
            opened = true;
        } finally {
            if (!opened) {
                stream.abort();
            }
        }
        return new Answer(response, Set.of(), Optional.of(stream));
    }
}
