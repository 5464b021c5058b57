package io.penstock.vrrp.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.simulate.Scenario.TimedIncident;
import io.penstock.vrrp.simulate.VipLog.Span;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever happens to two to four routers whose packets take at most a tenth of an interval, or are lost. */
class ElectionPropertyTest {
    private static final int DELAYS = 10;

    @Property(tries = 2000)
    void shouldAgreeOnAHighestPriorityWhenThereIsPeace(@ForAll long seed) {
        Random random = new Random(seed);
        RandomScenario chaos = new RandomScenario(random).chaos();
        Scenario scenario = chaos.inPeaceAtTheEnd();
        long peaceNs = chaos.chaosEnd().toNanos();
        double loss = random.nextDouble() / 2;
        Seen seen = new Seen();
        Simulation simulation = new Simulation(
                scenario,
                (from, to, nowNs) -> nowNs < peaceNs && random.nextDouble() < loss ? Links.LOST : delay(chaos, random),
                seen);
        simulation.run();

        List<SimulatedHost> active = scenario.hosts().stream()
                .filter(host -> simulation.state(host.name()) == State.ACTIVE)
                .toList();
        int highest = scenario.hosts().stream()
                .mapToInt(SimulatedHost::priority)
                .max()
                .orElseThrow();
        assertEquals(1, active.size(), seen::text);
        assertEquals(highest, active.get(0).priority(), seen::text);
        List<Span> vips = seen.vips.spans(scenario.duration().toNanos());
        assertEquals(Set.of(active.get(0).name()), vips.get(vips.size() - 1).hosts(), seen::text);
    }

    @Property(tries = 2000)
    void shouldNeverHaveTwoThatActForLongerThanAnIntervalWhenAgentsStandStill(@ForAll long seed) {
        Random random = new Random(seed);
        RandomScenario freezes = new RandomScenario(random).freezes();
        Scenario scenario = freezes.inPeaceAtTheEnd();
        Seen seen = new Seen();
        // What does not fit into the buffers of a socket that nobody reads is lost.
        new Simulation(
                        scenario,
                        (from, to, nowNs) -> isFrozen(scenario, to, nowNs) && random.nextBoolean()
                                ? Links.LOST
                                : delay(freezes, random),
                        seen)
                .run();

        long intervalNs = freezes.interval.toNanos();
        long togetherNs = 0;
        List<Span> active = seen.actives.spans(scenario.duration().toNanos());
        for (Span span : acting(scenario, active)) {
            togetherNs = span.hosts().size() > 1 ? togetherNs + span.lengthNs() : 0;
            assertTrue(togetherNs <= intervalNs + 2 * intervalNs / DELAYS, () -> span + "\n" + seen.text());
            for (String host : span.hosts()) {
                long silentNs = span.fromNs() - lastSentNs(seen, active, host, span.fromNs());
                assertTrue(silentNs < 3 * intervalNs, () -> host + " is late in " + span + "\n" + seen.text());
            }
        }
    }

    /** Before this instant when it was active before it too, and so should have sent by then. */
    private static long lastSentNs(Seen seen, List<Span> active, String host, long atNs) {
        boolean wasActive = atNs > 0 && at(active, atNs - 1).contains(host);
        return wasActive
                ? seen.sends.get(host).lower(atNs)
                : seen.sends.get(host).floor(atNs);
    }

    private static long delay(RandomScenario scenario, Random random) {
        return (long) (random.nextDouble() * scenario.interval.toNanos() / DELAYS);
    }

    /** Which routers were active and not frozen. */
    private static List<Span> acting(Scenario scenario, List<Span> active) {
        long endNs = scenario.duration().toNanos();
        TreeSet<Long> edges = new TreeSet<>();
        active.forEach(span -> edges.add(span.fromNs()));
        scenario.events().forEach(event -> edges.add(event.at().toNanos()));
        edges.add(endNs);
        return edges.headSet(endNs).stream()
                .map(fromNs -> new Span(fromNs, edges.higher(fromNs), at(active, fromNs)))
                .map(span -> awake(scenario, span))
                .toList();
    }

    private static Set<String> at(List<Span> spans, long atNs) {
        return spans.stream()
                .filter(span -> span.fromNs() <= atNs && atNs < span.toNs())
                .findFirst()
                .orElseThrow()
                .hosts();
    }

    private static Span awake(Scenario scenario, Span span) {
        Set<String> hosts = new HashSet<>(span.hosts());
        hosts.removeIf(host -> isFrozen(scenario, host, span.fromNs()));
        return new Span(span.fromNs(), span.toNs(), hosts);
    }

    private static boolean isFrozen(Scenario scenario, String host, long atNs) {
        boolean frozen = false;
        for (TimedIncident event : scenario.events()) {
            if (event.at().compareTo(Duration.ofNanos(atNs)) <= 0) {
                if (event.incident() instanceof Incident.Freeze freeze
                        && freeze.host().equals(host)) {
                    frozen = true;
                } else if (event.incident() instanceof Incident.Thaw thaw
                        && thaw.host().equals(host)) {
                    frozen = false;
                }
            }
        }
        return frozen;
    }
}
