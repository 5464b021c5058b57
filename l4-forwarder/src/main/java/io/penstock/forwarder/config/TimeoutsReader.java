package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.KeyRules;
import io.penstock.forwarder.config.ServiceConfig.Lifetime;
import io.penstock.forwarder.config.ServiceConfig.Timeouts;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code timeouts} of a service. */
final class TimeoutsReader {
    private TimeoutsReader() {}

    static Timeouts read(ConfigSection service, Protocol protocol) {
        Duration idle = protocol == Protocol.UDP ? Timeouts.DEFAULT_UDP_IDLE : Timeouts.DEFAULT_IDLE;
        return service.section("timeouts", section -> timeouts(section, protocol, idle))
                .orElse(new Timeouts(Timeouts.DEFAULT_CONNECT, idle, Timeouts.DEFAULT_FIN));
    }

    private static Timeouts timeouts(ConfigSection timeouts, Protocol protocol, Duration idle) {
        Timeouts read = new Timeouts(
                duration(timeouts, "connect", Timeouts.DEFAULT_CONNECT),
                duration(timeouts, "idle", idle),
                duration(timeouts, "fin", Timeouts.DEFAULT_FIN),
                timeouts.optional("first-byte").flatMap(ForwarderConfigReader::duration),
                lifetime(timeouts));
        if (protocol == Protocol.UDP) {
            KeyRules.onlyFor("TCP", timeouts, "connect", "fin", "first-byte", "lifetime", "lifetime-jitter");
        }
        return read;
    }

    private static Optional<Lifetime> lifetime(ConfigSection timeouts) {
        int jitterPercent = timeouts.wholePercent("lifetime-jitter", Lifetime.DEFAULT_JITTER_PERCENT, 0, 100);
        if (timeouts.has("lifetime-jitter") && !timeouts.has("lifetime")) {
            timeouts.problem("lifetime-jitter", "is for connections with a lifetime only");
        }
        return timeouts.optional("lifetime")
                .flatMap(ForwarderConfigReader::duration)
                .map(time -> new Lifetime(time, jitterPercent));
    }
}
