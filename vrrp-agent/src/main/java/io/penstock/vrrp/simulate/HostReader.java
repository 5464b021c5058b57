package io.penstock.vrrp.simulate;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.RouterSettings;
import io.penstock.vrrp.protocol.Version;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code hosts} of a scenario. */
final class HostReader {
    private static final Map<String, Boolean> ON_LATE = Map.of("step-down", true, "continue", false);
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CENTISECOND = Duration.ofMillis(10);
    private static final Duration MAX_INTERVAL = Duration.ofMillis(40_950);
    private static final Duration MAX_INTERVAL_V2 = Duration.ofSeconds(255);
    private static final int DEFAULT_PRIORITY = 100;
    private static final int OWNER = 255;

    private final Version version;
    private final Map<IpAddress, Integer> lineByAddress = new HashMap<>();

    HostReader(Version version) {
        this.version = version;
    }

    Optional<SimulatedHost> read(NamedValue entry, ConfigSection host) {
        Optional<IpAddress> address = host.required("address").flatMap(this::address);
        int priority = priority(host);
        Duration interval = interval(host);
        boolean preempt = host.bool("preempt", true);
        Duration delay = host.duration("preempt-delay", Duration.ZERO, Duration.ZERO, ConfigValue.MAX_DURATION);
        boolean stepDown = host.oneOf("on-late", ON_LATE, true);
        Optional<Duration> start = start(host);
        // The VIP itself plays no part, as long as all have the same.
        List<IpAddress> vips = List.of(IpAddress.ofIpv4(0xc000_020a));
        RouterSettings settings =
                new RouterSettings(entry.name(), version, 1, interval, preempt, delay, stepDown, vips);
        return address.map(own -> new SimulatedHost(entry.name(), own, priority, settings, start));
    }

    private static Optional<Duration> start(ConfigSection host) {
        boolean never = host.optional("start")
                .filter(value -> value.was().equals("never"))
                .isPresent();
        return never
                ? Optional.empty()
                : Optional.of(ScenarioReader.instant(host, "start").orElse(Duration.ZERO));
    }

    private Optional<IpAddress> address(ConfigValue value) {
        String expected = "an address, such as 192.0.2.1";
        Optional<IpAddress> address = value.text(expected).flatMap(text -> AddressText.read(value, text, expected));
        address.ifPresent(own -> {
            Integer first = lineByAddress.putIfAbsent(own, value.line());
            if (first != null) {
                value.problem("is another host's, at line " + first);
            }
        });
        return address;
    }

    static int priority(ConfigSection section) {
        return section.optional("priority").map(HostReader::priority).orElse(DEFAULT_PRIORITY);
    }

    /** A number, or the word for 255. */
    static int priority(ConfigValue value) {
        return value.was().equals("owner") ? OWNER : value.integer(1, OWNER - 1).orElse(DEFAULT_PRIORITY);
    }

    private Duration interval(ConfigSection host) {
        String key = "advertisement-interval";
        boolean v2 = version == Version.V2;
        Duration step = v2 ? Duration.ofSeconds(1) : CENTISECOND;
        Duration interval = host.duration(key, DEFAULT_INTERVAL, step, v2 ? MAX_INTERVAL_V2 : MAX_INTERVAL);
        if (interval.toMillis() % step.toMillis() != 0) {
            host.problem(key, v2 ? "must be whole seconds in version 2" : "must be a multiple of 10ms");
        }
        return interval;
    }
}
