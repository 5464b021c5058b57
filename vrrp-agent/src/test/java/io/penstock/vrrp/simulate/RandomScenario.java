package io.penstock.vrrp.simulate;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.RouterSettings;
import io.penstock.vrrp.protocol.Version;
import io.penstock.vrrp.simulate.Scenario.TimedIncident;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Two to four hosts, to which things happen for a while, and which are then left in peace, all of them running. */
final class RandomScenario {
    static final Duration LEASE = Duration.ofSeconds(3);
    private static final List<IpAddress> VIPS = List.of(IpAddress.ofIpv4(0xc000_020a));

    private final Random random;
    private final Version version;
    final Duration interval;
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final List<TimedIncident> events = new ArrayList<>();

    RandomScenario(Random random) {
        this.random = random;
        version = random.nextInt(4) == 0 ? Version.V2 : Version.V3;
        interval = Duration.ofMillis(
                version == Version.V2 ? 1000 : List.of(10, 100, 1000).get(random.nextInt(3)));
        int count = 2 + random.nextInt(3);
        for (int n = 1; n <= count; n++) {
            // From a small range, so that some are the same.
            int priority = random.nextInt(12) == 0 ? 255 : 1 + random.nextInt(5) * 63;
            hosts.add(new SimulatedHost(
                    "h" + n,
                    IpAddress.ofIpv4(0xc000_0200 + n),
                    priority,
                    new RouterSettings("web", version, 51, interval, true, Duration.ZERO, true, VIPS),
                    Optional.of(someTime(Duration.ZERO, interval.multipliedBy(5)))));
        }
    }

    private Duration someTime(Duration from, Duration to) {
        return from.plusNanos((long) (random.nextDouble() * to.minus(from).toNanos()));
    }

    private String someHost() {
        return hosts.get(random.nextInt(hosts.size())).name();
    }

    /** When the last thing happens. */
    Duration chaosEnd() {
        return interval.multipliedBy(60);
    }

    /** Enough for every timer to run out twice and for what was left behind to lapse. */
    Duration end() {
        return chaosEnd().plus(interval.multipliedBy(10)).plusSeconds(2).plus(LEASE);
    }

    /** Whatever can happen. */
    RandomScenario chaos() {
        for (int n = random.nextInt(12); n > 0; n--) {
            happen(
                    someTime(Duration.ZERO, chaosEnd()),
                    switch (random.nextInt(9)) {
                        case 0 -> new Incident.Start(someHost());
                        case 1 -> new Incident.Stop(someHost());
                        case 2 -> new Incident.Kill(someHost());
                        case 3 -> new Incident.Freeze(someHost());
                        case 4 -> new Incident.Thaw(someHost());
                        case 5 -> new Incident.Cut(someHost(), someHost());
                        case 6 -> new Incident.Heal(someHost(), someHost());
                        case 7 -> new Incident.Fault(someHost(), "a track is down");
                        default -> new Incident.HandOver(someHost(), interval.multipliedBy(3));
                    });
        }
        return this;
    }

    /** Each agent stands still now and then. */
    RandomScenario freezes() {
        for (SimulatedHost host : hosts) {
            Duration at = Duration.ZERO;
            while (at.compareTo(chaosEnd()) < 0) {
                at = someTime(at, at.plus(interval.multipliedBy(12)));
                happen(at, new Incident.Freeze(host.name()));
                at = someTime(at, at.plus(interval.multipliedBy(12)));
                happen(at, new Incident.Thaw(host.name()));
            }
        }
        return this;
    }

    private void happen(Duration at, Incident incident) {
        events.add(new TimedIncident(at, incident));
    }

    Scenario inPeaceAtTheEnd() {
        for (SimulatedHost host : hosts) {
            happen(chaosEnd(), new Incident.Thaw(host.name()));
            happen(chaosEnd(), new Incident.Start(host.name()));
            happen(chaosEnd(), new Incident.Recover(host.name()));
            hosts.forEach(other -> happen(chaosEnd(), new Incident.Heal(host.name(), other.name())));
        }
        return scenario();
    }

    Scenario scenario() {
        events.sort(Comparator.comparing(TimedIncident::at));
        return new Scenario(end(), Duration.ZERO, LEASE, hosts, events);
    }
}
