package io.penstock.vrrp.simulate;

import io.penstock.vrrp.protocol.Advertisement;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.simulate.Scenario.TimedIncident;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs a scenario to its end. The same scenario and links always come to the same. NOT thread safe. */
public final class Simulation {
    private record Direction(String from, String to) {}

    private final Scenario scenario;
    private final Links links;
    private final Agenda agenda = new Agenda();
    private final Map<String, HostState> hosts = new LinkedHashMap<>();
    private final Set<Direction> cuts = new HashSet<>();
    private long nowNs;

    public Simulation(Scenario scenario, Links links, Witness witness) {
        this.scenario = scenario;
        this.links = links;
        HostState.World world = new HostState.World() {
            @Override
            public void send(HostState from, Advertisement advertisement) {
                multicast(from, advertisement);
            }

            @Override
            public Witness witness() {
                return witness;
            }

            @Override
            public long nowNs() {
                return nowNs;
            }
        };
        for (SimulatedHost host : scenario.hosts()) {
            HostState state = new HostState(host, world);
            hosts.put(host.name(), state);
            host.start().ifPresent(at -> agenda.add(at.toNanos(), state::start));
        }
        for (TimedIncident event : scenario.events()) {
            agenda.add(event.at().toNanos(), () -> happen(event.incident()));
        }
    }

    public void run() {
        long endNs = scenario.duration().toNanos();
        for (long nextNs = nextNs(); nextNs <= endNs; nextNs = nextNs()) {
            // What was due while an agent was frozen is done now.
            nowNs = Math.max(nowNs, nextNs);
            if (agenda.nextNs() == nowNs) {
                agenda.doNext();
            } else {
                hosts.values().stream()
                        .filter(host -> host.deadlineNs() <= nowNs)
                        .forEach(HostState::onDeadline);
            }
        }
        nowNs = endNs;
    }

    private long nextNs() {
        long next = agenda.nextNs();
        for (HostState host : hosts.values()) {
            next = Math.min(next, host.deadlineNs());
        }
        return next;
    }

    /** Of a host, as its router sees it. */
    public State state(String host) {
        return hosts.get(host).state();
    }

    private void multicast(HostState from, Advertisement advertisement) {
        for (HostState to : hosts.values()) {
            if (to == from
                    || cuts.contains(new Direction(from.host().name(), to.host().name()))) {
                continue;
            }
            long delayNs = links.delayNs(from.host().name(), to.host().name(), nowNs);
            if (delayNs != Links.LOST) {
                agenda.add(
                        nowNs + delayNs,
                        () -> to.hear(advertisement, from.host().address()));
            }
        }
    }

    private void happen(Incident incident) {
        long leaseNs = scenario.lease().toNanos();
        if (incident instanceof Incident.Start start) {
            hosts.get(start.host()).start();
        } else if (incident instanceof Incident.Stop stop) {
            hosts.get(stop.host()).stop();
        } else if (incident instanceof Incident.Kill kill) {
            hosts.get(kill.host()).kill(leaseNs);
        } else if (incident instanceof Incident.Freeze freeze) {
            hosts.get(freeze.host()).freeze(leaseNs);
        } else if (incident instanceof Incident.Thaw thaw) {
            hosts.get(thaw.host()).thaw();
        } else if (incident instanceof Incident.Cut cut) {
            cuts.add(new Direction(cut.from(), cut.to()));
        } else if (incident instanceof Incident.Heal heal) {
            cuts.remove(new Direction(heal.from(), heal.to()));
        } else if (incident instanceof Incident.Reprioritize change) {
            hosts.get(change.host()).reprioritize(change.priority());
        } else if (incident instanceof Incident.Fault fault) {
            hosts.get(fault.host()).depend(Optional.of(fault.reason()));
        } else if (incident instanceof Incident.Recover recover) {
            hosts.get(recover.host()).depend(Optional.empty());
        } else if (incident instanceof Incident.HandOver handOver) {
            hosts.get(handOver.host()).handOver(handOver.holdOff());
        }
    }
}
