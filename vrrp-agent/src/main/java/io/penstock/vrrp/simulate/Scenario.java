package io.penstock.vrrp.simulate;

import java.time.Duration;
import java.util.List;

/**
 * What is to be simulated.
 *
 * @param duration of it all
 * @param delay of each packet
 * @param lease how long a VIP outlives an agent that does nothing
 * @param events by time
 */
public record Scenario(
        Duration duration, Duration delay, Duration lease, List<SimulatedHost> hosts, List<TimedIncident> events) {
    /** An incident and its moment, counted from the begin. */
    public record TimedIncident(Duration at, Incident incident) {}

    public Scenario {
        hosts = List.copyOf(hosts);
        events = List.copyOf(events);
    }
}
