package io.penstock.perf.policies.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.policies.scenario.Contestant;
import io.penstock.perf.policies.scenario.Outcome;
import io.penstock.perf.policies.scenario.Request;
import io.penstock.perf.policies.scenario.Requests;
import io.penstock.perf.policies.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SimulationTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long WARM_UP_NS = 5 * SECOND_NS;
    private static final long MEASURED_NS = 20 * SECOND_NS;
    private static final Scenario FLAPPING = new Scenario(2 * SECOND_NS, SECOND_NS / 2);

    static List<Contestant> contestants() {
        return Contestant.all();
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void shouldAnswerEveryRequestOnceAndLeaveNothingOpen(Contestant contestant) {
        Simulation simulation = new Simulation(FLAPPING, contestant, WARM_UP_NS, MEASURED_NS);
        Outcome outcome = simulation.run();
        assertEquals(0, outcome.failures());
        assertEquals(measuredRequests(), outcome.answered());
        assertEquals(0, simulation.open());
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void shouldGoTheSameWayTwice(Contestant contestant) {
        assertEquals(
                new Simulation(FLAPPING, contestant, WARM_UP_NS, MEASURED_NS).run(),
                new Simulation(FLAPPING, contestant, WARM_UP_NS, MEASURED_NS).run());
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void shouldSendTheFlappingBackendLessTheLongerItIsAway(Contestant contestant) {
        Scenario mostlyAway = new Scenario(2 * SECOND_NS, 3 * SECOND_NS / 2);
        double share = new Simulation(FLAPPING, contestant, WARM_UP_NS, MEASURED_NS)
                .run()
                .share(Scenario.FLAPPING);
        double lessShare = new Simulation(mostlyAway, contestant, WARM_UP_NS, MEASURED_NS)
                .run()
                .share(Scenario.FLAPPING);
        assertTrue(lessShare < share, () -> lessShare + " of the answers when mostly away, else " + share);
    }

    private static long measuredRequests() {
        Requests requests = new Requests();
        long count = 0;
        for (Request request = requests.next(); request.atNs() < WARM_UP_NS + MEASURED_NS; request = requests.next()) {
            count += request.atNs() >= WARM_UP_NS ? 1 : 0;
        }
        return count;
    }
}
