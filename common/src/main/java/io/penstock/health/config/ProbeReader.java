package io.penstock.health.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.KeyRules;
import io.penstock.health.HealthCheck;
import io.penstock.health.Octets;
import io.penstock.health.Probe;
import io.penstock.net.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads which probe a check uses: one of six keys. */
final class ProbeReader {
    static final String[] KINDS = {"tcp", "http", "exchange", "udp", "tls", "exec"};

    private static final Map<String, Boolean> SILENCE = Map.of("failure", false, "success", true);

    private final TlsReader tls;
    private final HttpProbeReader http;

    ProbeReader(Path configFile) {
        tls = new TlsReader(configFile);
        http = new HttpProbeReader(tls);
    }

    /** @param port or {@link HealthCheck#TARGETS_PORT} */
    record Aimed(Probe probe, int port) {
        boolean isNetwork() {
            return !(probe instanceof Probe.Exec);
        }

        boolean isStream() {
            return isNetwork() && !(probe instanceof Probe.Udp);
        }
    }

    /** The first probe given; a second one is a problem. */
    Optional<Aimed> read(ConfigSection check) {
        List<Optional<Aimed>> read = List.of(
                aimed(check, "tcp", section -> new Probe.Tcp()),
                aimed(check, "http", http::read),
                aimed(check, "exchange", this::exchange),
                aimed(check, "udp", ProbeReader::udp),
                aimed(check, "tls", section -> new Probe.Handshake(tls.read(section))),
                check.section("exec", ExecReader::read).map(probe -> new Aimed(probe, HealthCheck.TARGETS_PORT)));
        KeyRules.atMostOne(check, KINDS);
        return read.stream().flatMap(Optional::stream).findFirst();
    }

    /** The probe, or one in its place when what was read makes none: its problems are reported, and it is not used. */
    static Probe ifSound(ConfigSection section, Supplier<Probe> probe) {
        return section.isSound() ? probe.get() : new Probe.Tcp();
    }

    private static Optional<Aimed> aimed(ConfigSection check, String kind, Function<ConfigSection, Probe> body) {
        return check.section(kind, section -> {
            int port = section.integer("port", HealthCheck.TARGETS_PORT, 1, Endpoint.MAX_PORT);
            return new Aimed(body.apply(section), port);
        });
    }

    private Probe exchange(ConfigSection exchange) {
        Octets send = exchange.optional("send").flatMap(PayloadReader::octets).orElse(Octets.NONE);
        Optional<Probe.Expect> expect = exchange.optional("expect").flatMap(PayloadReader::expect);
        if (KeyRules.hasNone(exchange, "send", "expect")) {
            exchange.problem("send", "is needed, or expect; a connect alone is tcp: {}");
        }
        Optional<Probe.Tls> encrypted = exchange.section("tls", tls::read);
        return ifSound(exchange, () -> new Probe.Exchange(send, expect, encrypted));
    }

    private static Probe udp(ConfigSection udp) {
        Octets send = udp.optional("send").flatMap(PayloadReader::octets).orElse(Octets.NONE);
        Optional<Probe.Expect> expect = udp.optional("expect").flatMap(PayloadReader::expect);
        // Who says nothing, and waits for nothing, only wants to know whether somebody is there.
        boolean silenceIsSuccess = udp.oneOf("silence", SILENCE, KeyRules.hasNone(udp, "send", "expect"));
        return ifSound(udp, () -> new Probe.Udp(send, expect, silenceIsSuccess));
    }
}
