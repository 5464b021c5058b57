package io.penstock.health;

import io.netty.channel.EventLoop;
import io.penstock.health.HealthCheck.ProxyHeader;
import java.util.function.Consumer;

/** Probes over TCP: a new connection each time. */
final class StreamProber implements Prober {
    private final EventLoop loop;
    private final Route route;
    private final long timeoutNs;
    private final ProxyHeader proxyHeader;
    private final Dialogue dialogue;
    private StreamAttempt attempt;

    StreamProber(EventLoop loop, Route route, long timeoutNs, ProxyHeader proxyHeader, Dialogue dialogue) {
        this.loop = loop;
        this.route = route;
        this.timeoutNs = timeoutNs;
        this.proxyHeader = proxyHeader;
        this.dialogue = dialogue;
    }

    @Override
    public void start(Consumer<ProbeResult> done) {
        cancel();
        attempt = new StreamAttempt(route, proxyHeader, dialogue, done);
        attempt.start(loop, timeoutNs);
    }

    @Override
    public void cancel() {
        if (attempt != null) {
            attempt.abandon();
        }
    }
}
