package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.InterfaceName;
import io.penstock.forwarder.config.UdpConfig.DontFragment;
import io.penstock.forwarder.config.UdpConfig.Mode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads {@code udp} and {@code responses} of a service. */
final class UdpReader {
    private static final Map<String, Mode> MODES = Map.of("sessions", Mode.SESSIONS, "per-packet", Mode.PER_PACKET);
    private static final Map<String, DontFragment> DONT_FRAGMENT =
            Map.of("auto", DontFragment.AUTO, "always", DontFragment.ALWAYS, "never", DontFragment.NEVER);

    private UdpReader() {}

    static UdpConfig read(ConfigSection service) {
        Optional<ConfigValue> value = service.optional("responses");
        OptionalInt responses =
                value.isEmpty() ? OptionalInt.empty() : value.get().integer(1, UdpConfig.MAX_RESPONSES);
        UdpConfig udp = service.section("udp", UdpReader::udp).orElse(UdpConfig.DEFAULT);
        return new UdpConfig(
                udp.mode(),
                responses,
                udp.rehome(),
                udp.dontFragment(),
                udp.receiveBufferBytes(),
                udp.sendBufferBytes(),
                udp.interfaceName(),
                udp.transparent());
    }

    private static UdpConfig udp(ConfigSection udp) {
        return new UdpConfig(
                udp.oneOf("mode", MODES, Mode.SESSIONS),
                OptionalInt.empty(),
                rehome(udp.optional("rehome")),
                udp.oneOf("dont-fragment", DONT_FRAGMENT, DontFragment.AUTO),
                buffer(udp, "receive-buffer"),
                buffer(udp, "send-buffer"),
                InterfaceName.read(udp),
                udp.bool("transparent", false));
    }

    private static int buffer(ConfigSection udp, String key) {
        return (int)
                udp.size(key, UdpConfig.DEFAULT_BUFFER_BYTES, UdpConfig.MIN_BUFFER_BYTES, UdpConfig.MAX_BUFFER_BYTES);
    }

    /** Empty for {@code never}. */
    private static Optional<Duration> rehome(Optional<ConfigValue> rehome) {
        if (rehome.isEmpty()) {
            return Optional.of(UdpConfig.DEFAULT_REHOME);
        }
        ConfigValue value = rehome.get();
        if (value.isScalar() && value.was().equals("never")) {
            return Optional.empty();
        }
        boolean counted = value.isScalar() && value.was().matches("[0-9].*");
        if (!counted) {
            value.problem("must be never, or a duration such as 0s or 30s");
            return Optional.empty();
        }
        return value.duration(Duration.ZERO, ConfigValue.MAX_DURATION);
    }
}
