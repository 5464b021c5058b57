package io.penstock.health.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthCheck.Origin;
import io.penstock.health.HealthCheck.ProxyHeader;
import io.penstock.health.Schedule;
import io.penstock.health.Schedule.Initial;
import io.penstock.health.config.ProbeReader.Aimed;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Reads how a check goes about its probe: the keys that {@code health} and the entries of {@code checks} share. */
final class CheckReader {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    /** More in a row than this is a typing mistake. */
    private static final int MAX_IN_A_ROW = 100;

    /** Beyond half of itself an interval would no longer be one. */
    private static final int MAX_JITTER_PERCENT = 50;

    private static final Map<String, ProxyHeader> PROXY_HEADERS =
            Map.of("none", ProxyHeader.NONE, "v1", ProxyHeader.V1, "v2", ProxyHeader.V2);
    private static final Map<String, Initial> INITIALS = Map.of(
            "up", Initial.UP,
            "down", Initial.DOWN,
            "fully-up", Initial.FULLY_UP,
            "fully-down", Initial.FULLY_DOWN);

    private CheckReader() {}

    /** Everything of a check but its probe. */
    record Conduct(Schedule schedule, Origin origin, int rise, int fall) {
        static final Conduct DEFAULT = new Conduct(
                new Schedule(DEFAULT_INTERVAL, DEFAULT_INTERVAL, DEFAULT_TIMEOUT, Schedule.DEFAULT_JITTER, Initial.UP),
                Origin.PLAIN,
                2,
                3);

        HealthCheck check(String name, Aimed aimed, int weight) {
            return new HealthCheck(name, aimed.probe(), aimed.port(), schedule, origin, rise, fall, weight);
        }
    }

    /** @param base what holds for keys that are absent */
    static Conduct read(ConfigSection check, Conduct base) {
        return new Conduct(
                schedule(check, base.schedule()),
                new Origin(
                        check.optional("source").flatMap(CheckReader::source).or(base.origin()::source),
                        check.oneOf(
                                "proxy-protocol", PROXY_HEADERS, base.origin().proxyHeader())),
                check.integer("rise", base.rise(), 1, MAX_IN_A_ROW),
                check.integer("fall", base.fall(), 1, MAX_IN_A_ROW));
    }

    /** Reports keys at this check that its probe has no use for. */
    static void checkUse(ConfigSection check, Aimed aimed) {
        if (!aimed.isNetwork()) {
            KeyRules.onlyFor("checks over the network", check, "source");
        }
        if (!aimed.isStream()) {
            KeyRules.onlyFor("checks over TCP", check, "proxy-protocol");
        }
    }

    private static Schedule schedule(ConfigSection check, Schedule base) {
        Duration interval = check.duration("interval", base.interval());
        Duration usualFast = base.fastInterval().equals(base.interval()) ? interval : base.fastInterval();
        Duration fast = check.duration("fast-interval", shorter(interval, usualFast));
        Duration timeout = check.duration("timeout", shorter(interval, base.timeout()));
        int jitter = check.wholePercent("jitter", percent(base.jitter()), 0, MAX_JITTER_PERCENT);
        notLonger(check, "fast-interval", fast, interval);
        notLonger(check, "timeout", timeout, interval);
        return new Schedule(interval, fast, timeout, jitter / 100.0, check.oneOf("initial", INITIALS, base.initial()));
    }

    static void notLonger(ConfigSection check, String key, Duration duration, Duration interval) {
        if (check.isSound("interval", key) && duration.compareTo(interval) > 0) {
            check.problem(key, "must not be longer than the interval between checks");
        }
    }

    static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static int percent(double share) {
        return (int) Math.round(share * 100);
    }

    private static Optional<IpAddress> source(ConfigValue value) {
        String expected = "an address of this host, such as 192.0.2.1";
        return value.text(expected)
                .flatMap(text -> AddressText.read(value, text, expected))
                .filter(address -> AddressText.isReachable(value, address));
    }
}
