package io.penstock.health;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** A TLS handshake, always a full one, so that a certificate which has expired is noticed; then another dialogue. */
final class TlsDialogue implements Dialogue {
    /** What a server gets to answer close_notify with its own; the probe has had its result before. */
    private static final long CLOSE_TIMEOUT_MS = 1_000;

    private final Probe.Tls tls;
    private final TlsContexts contexts;
    private final Dialogue inner;
    private SslContext context;
    private int handshakes;

    TlsDialogue(Probe.Tls tls, TlsContexts contexts, Dialogue inner) {
        this.tls = tls;
        this.contexts = contexts;
        this.inner = inner;
    }

    @Override
    public void begin(StreamAttempt stream) {
        SslHandler handler;
        try {
            handler = handler(stream.channel(), stream.target());
        } catch (IOException | GeneralSecurityException e) {
            stream.giveUp("cannot set up TLS: " + Evidence.of(e));
            return;
        }
        stream.await("TLS handshake");
        handler.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                inner.begin(stream);
            } else {
                stream.fail(Evidence.of(handshake.cause()));
            }
        });
        stream.listen(handler);
    }

    private SslHandler handler(Channel channel, SocketAddress target) throws IOException, GeneralSecurityException {
        if (context == null) {
            context = contexts.of(tls);
        }
        String peer = tls.serverName()
                .orElse(
                        target instanceof InetSocketAddress inet
                                ? inet.getAddress().getHostAddress()
                                : "localhost");
        // Java looks up the session to resume by host and port: this one it has never seen.
        handshakes++;
        SslHandler handler = context.newHandler(channel.alloc(), peer, handshakes);
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        // Said even where Java would not: for a name without a dot.
        parameters.setServerNames(tls.serverName()
                .map(name -> List.of(new SNIHostName(name)))
                .map(List::<javax.net.ssl.SNIServerName>copyOf)
                .orElse(List.of()));
        engine.setSSLParameters(parameters);
        // The probe has a deadline of its own.
        handler.setHandshakeTimeoutMillis(0);
        // A reset before the server has seen the end of TLS would be an error in its log, for each probe.
        handler.setCloseNotifyReadTimeoutMillis(CLOSE_TIMEOUT_MS);
        return handler;
    }
}
