package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import io.penstock.forwarder.config.ServiceConfig.Keepalive;
import io.penstock.forwarder.config.ServiceConfig.ListenOptions;
import io.penstock.forwarder.config.ServiceConfig.Tcp;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code tcp} of a service. */
final class TcpReader {
    /** The kernel counts in seconds, and a limit below that would end connections for one lost packet. */
    static final Duration MIN = Duration.ofSeconds(1);

    /** A client that says nothing for longer is no client. */
    static final Duration MAX_DEFER_ACCEPT = Duration.ofMinutes(1);

    /** Below the kernel's own, 32767 s. */
    static final Duration MAX_KEEPALIVE = Duration.ofHours(9);

    private static final Keepalive DEFAULT_KEEPALIVE =
            new Keepalive(Keepalive.DEFAULT_IDLE, Keepalive.DEFAULT_INTERVAL, Keepalive.DEFAULT_PROBES);
    static final Tcp DEFAULT = new Tcp(Optional.empty(), Optional.of(DEFAULT_KEEPALIVE), Optional.empty());

    private TcpReader() {}

    static Tcp read(ConfigSection tcp) {
        return new Tcp(
                tcp.optional("defer-accept").flatMap(value -> value.duration(MIN, MAX_DEFER_ACCEPT)),
                keepalive(tcp.optional("keepalive")),
                tcp.optional("user-timeout").flatMap(value -> value.duration(MIN, ConfigValue.MAX_DURATION)),
                new ListenOptions(
                        tcp.integer("fast-open", 0, 0, ListenOptions.MAX_FAST_OPEN),
                        tcp.integer("backlog", ListenOptions.MAX_BACKLOG, 1, ListenOptions.MAX_BACKLOG),
                        InterfaceName.read(tcp),
                        tcp.bool("transparent", false)));
    }

    /** Empty for {@code none}. */
    private static Optional<Keepalive> keepalive(Optional<ConfigValue> keepalive) {
        if (keepalive.isEmpty()) {
            return Optional.of(DEFAULT_KEEPALIVE);
        }
        if (keepalive.get().isMapping()) {
            return keepalive.get().section(TcpReader::probes);
        }
        if (!keepalive.get().was().equals("none")) {
            keepalive.get().problem("must be none, or a mapping with keys such as idle: 2m");
        }
        return Optional.empty();
    }

    private static Keepalive probes(ConfigSection keepalive) {
        return new Keepalive(
                keepalive.duration("idle", Keepalive.DEFAULT_IDLE, MIN, MAX_KEEPALIVE),
                keepalive.duration("interval", Keepalive.DEFAULT_INTERVAL, MIN, MAX_KEEPALIVE),
                keepalive.integer("probes", Keepalive.DEFAULT_PROBES, 1, Keepalive.MAX_PROBES));
    }
}
