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
import java.util.Map;
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
    private final Gate gate;
    private final EventStreams streams;
    private final ExecutorService handlers;
    private volatile boolean stopping;

    /**
     * What to send.
     *
     * @param headers beside those of every answer
     * @param stream what follows the head, and is to be begun
     */
    record Answer(AdminResponse response, Map<CharSequence, String> headers, Optional<EventStream> stream) {
        static Answer of(AdminResponse response) {
            return new Answer(response, Map.of(), Optional.empty());
        }

        static Answer of(AdminResponse response, CharSequence header, String value) {
            return new Answer(response, Map.of(header, value), Optional.empty());
        }

        static Answer of(AdminRefusal refusal) {
            return refusal.challenge()
                    .map(challenge -> of(refusal.response(), HttpHeaderNames.WWW_AUTHENTICATE, challenge))
                    .orElseGet(() -> of(refusal.response()));
        }
    }

    Answering(Router router, RequestListener listener, Gate gate, EventStreams streams, ExecutorService handlers) {
        this.router = router;
        this.listener = listener;
        this.gate = gate;
        this.streams = streams;
        this.handlers = handlers;
    }

    /**
     * Answers on another thread.
     *
     * @param certified whether the peer has proved a certificate that is believed
     * @param answered is called exactly once, on any thread
     */
    void answer(FullHttpRequest request, boolean certified, Consumer<Answer> answered) {
        String method = request.method().name();
        Consumer<Answer> counted = answer -> {
            listener.onAnswered(method, answer.response().status());
            answered.accept(answer);
        };
        request.retain();
        try {
            handlers.execute(() -> {
                try {
                    counted.accept(answer(request, certified));
                } finally {
                    request.release();
                }
            });
        } catch (RejectedExecutionException e) {
            request.release();
            counted.accept(Answer.of(AdminResponse.error(
                    HttpResponseStatus.SERVICE_UNAVAILABLE.code(), "this process is about to end")));
        }
    }

    private Answer answer(FullHttpRequest request, boolean certified) {
        String method = request.method().name();
        try {
            check(request);
            // Before anything else is said to it: not even which routes there are.
            Optional<AdminRefusal> refusal = gate.refusal(request, certified);
            if (refusal.isPresent()) {
                return Answer.of(refusal.get());
            }
            checkBody(request);
            Match match = router.match(method, request.uri());
            return handle(
                    match.handler(),
                    new AdminRequest(
                            method,
                            match.path(),
                            match.query(),
                            request.headers().get(HttpHeaderNames.ACCEPT, ""),
                            lastEventId(request.headers()),
                            text(request)));
        } catch (RequestException e) {
            return Answer.of(AdminResponse.error(e.status(), e.getMessage()));
        } catch (NoRouteException e) {
            AdminResponse error = AdminResponse.error(Router.status(e), e.getMessage());
            return e.allowed().isEmpty()
                    ? Answer.of(error)
                    : Answer.of(error, HttpHeaderNames.ALLOW, String.join(", ", e.allowed()));
        } catch (RuntimeException bug) {
            // The process does its work without this answer; who asked learns that it failed, the log learns where.
            LOG.error("event=admin-bug method={} uri={}", method, request.uri(), bug);
            return Answer.of(AdminResponse.error(
                    HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), "an internal error; the log says more"));
        }
    }

    private static void check(FullHttpRequest request) throws RequestException {
        if (request.decoderResult().isFailure()) {
            throw undecodable(request.decoderResult().cause());
        }
        List<String> named = request.headers().getAll(HttpHeaderNames.HOST);
        if (named.size() > 1 || (named.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            // RFC 9112 section 3.2.
            throw RequestException.badRequest("a request must have one Host header");
        }
    }

    private static void checkBody(FullHttpRequest request) throws RequestException {
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

    private Answer handle(AdminHandler handler, AdminRequest request) throws RequestException {
        AdminResponse response = handler.handle(request);
        return response.stream().isPresent() && !request.method().equals(HEAD)
                ? open(response, response.stream().get(), request)
                : Answer.of(response);
    }

    private Answer open(AdminResponse response, StreamHandler handler, AdminRequest request) throws RequestException {
        Optional<EventStream> stream = streams.tryOpen();
        if (stream.isEmpty()) {
            gate.count(AdminRefusal.TOO_MANY_STREAMS);
            return Answer.of(AdminRefusal.TOO_MANY_STREAMS);
        }
        boolean opened = false;
        try {
            handler.open(request, stream.get());
            opened = true;
        } finally {
            if (!opened) {
                stream.get().abort();
            }
        }
        return new Answer(response, Map.of(), stream);
    }

    /** Connections end with their next answer from now on, and streams at once. */
    void stop() {
        stopping = true;
        streams.close();
    }

    boolean isStopping() {
        return stopping;
    }
}
