package io.penstock.health;

import io.netty.channel.EventLoop;
import io.penstock.net.Endpoint;
import java.time.Duration;

/** Makes the prober of each kind of probe. On the event loop. */
final class ProberFactory {
    private final EventLoop loop;
    private final Programs programs;
    private final TlsContexts tlsContexts = new TlsContexts();

    ProberFactory(EventLoop loop, Programs programs) {
        this.loop = loop;
        this.programs = programs;
    }

    Prober of(HealthCheck check, ProbeTarget target) {
        ProbeTarget probed =
                check.port() == HealthCheck.TARGETS_PORT || target.endpoint().isUnix()
                        ? target
                        : target.at(check.port());
        Duration timeout = check.schedule().timeout();
        Probe probe = check.probe();
        if (probe instanceof Probe.Udp udp) {
            return new DatagramProber(loop, Route.of(probed, check.origin()), timeout.toNanos(), udp);
        }
        if (probe instanceof Probe.Exec exec) {
            CheckProgram program = new CheckProgram(programs.syscalls(), exec, probed, timeout.toNanos());
            return new ExecProber(loop, programs.threads(), program, timeout.toNanos());
        }
        return stream(probed, check.origin(), timeout, dialogue(probe, probed.endpoint()));
    }

    Prober of(AgentCheck agent, Endpoint target) {
        return stream(
                ProbeTarget.of(new Endpoint(target.address(), agent.port())),
                agent.origin(),
                agent.schedule().timeout(),
                new AgentDialogue(agent.send()));
    }

    private Prober stream(ProbeTarget target, HealthCheck.Origin origin, Duration timeout, Dialogue dialogue) {
        return new StreamProber(loop, Route.of(target, origin), timeout.toNanos(), origin.proxyHeader(), dialogue);
    }

    private Dialogue dialogue(Probe probe, Endpoint target) {
        if (probe instanceof Probe.Exchange exchange) {
            Dialogue dialogue = new ExchangeDialogue(exchange);
            return exchange.tls().<Dialogue>map(tls -> tls(tls, dialogue)).orElse(dialogue);
        }
        if (probe instanceof Probe.Http http) {
            Dialogue dialogue = new HttpDialogue(http, target);
            return http.tls().<Dialogue>map(tls -> tls(tls, dialogue)).orElse(dialogue);
        }
        if (probe instanceof Probe.Handshake handshake) {
            return tls(handshake.tls(), stream -> stream.succeed("TLS handshake"));
        }
        return stream -> stream.succeed("connected");
    }

    private TlsDialogue tls(Probe.Tls tls, Dialogue inner) {
        return new TlsDialogue(tls, tlsContexts, inner);
    }
}
