package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetHealthTest {
    private static final ProbeResult GOOD = ProbeResult.success("good");
    private static final ProbeResult BAD = ProbeResult.failure("bad");
    private static final ProbeResult NOTHING = ProbeResult.noVerdict("no descriptor");

    private final List<String> told = new ArrayList<>();
    private final HealthListener listener = new HealthListener() {
        @Override
        public void onTransition(boolean up, String evidence) {
            told.add(up ? "up" : "down");
        }

        @Override
        public void onJudged() {
            told.add("judged");
        }

        @Override
        public void onConfirmed() {
            told.add("confirmed");
        }
    };

    @Test
    void shouldConfirmVerdictByEveryResultThatAgrees() {
        TargetHealth health = of(check("a", Schedule.Initial.UP));
        hear(health, 0, GOOD, GOOD);
        assertEquals(List.of("judged", "confirmed", "confirmed"), told);
    }

    @Test
    void shouldNotConfirmWhileSomethingSpeaksAgainstVerdict() {
        TargetHealth health = of(check("a", Schedule.Initial.UP));
        hear(health, 0, GOOD, BAD, BAD);
        assertEquals(List.of("judged", "confirmed"), told, "two of three failures");
        hear(health, 0, BAD, GOOD, BAD);
        assertEquals(List.of("judged", "confirmed", "down", "confirmed", "confirmed"), told);
    }

    @Test
    void shouldNotConfirmBeforeEveryCheckHasHadResult() {
        TargetHealth health = of(check("a", Schedule.Initial.FULLY_DOWN), check("b", Schedule.Initial.FULLY_DOWN));
        hear(health, 0, BAD);
        assertEquals(List.of(), told, "b is taken to be down, but nobody has asked");
        hear(health, 1, BAD);
        assertEquals(List.of("judged", "confirmed"), told);
    }

    @Test
    void shouldNotConfirmWhileAnotherCheckIsInDoubt() {
        TargetHealth health = of(check("a", Schedule.Initial.UP), check("b", Schedule.Initial.UP));
        hear(health, 0, GOOD);
        hear(health, 1, GOOD, BAD);
        hear(health, 0, GOOD);
        assertEquals(List.of("judged", "confirmed"), told);
    }

    @Test
    void shouldNotConfirmByProbeThatCouldNotBeMade() {
        TargetHealth health = of(check("a", Schedule.Initial.UP));
        hear(health, 0, GOOD, NOTHING);
        assertEquals(List.of("judged", "confirmed"), told);
    }

    private TargetHealth of(HealthCheck... checks) {
        return new TargetHealth(new HealthPlan(List.of(checks), new Combination.All()), listener);
    }

    private static void hear(TargetHealth health, int check, ProbeResult... results) {
        for (ProbeResult result : results) {
            boolean unused = health.onResult(check, result, 1);
        }
    }

    private static HealthCheck check(String name, Schedule.Initial initial) {
        Duration second = Duration.ofSeconds(1);
        Schedule schedule = new Schedule(second, second, second, 0, initial);
        return new HealthCheck(
                name, new Probe.Tcp(), HealthCheck.TARGETS_PORT, schedule, HealthCheck.Origin.PLAIN, 2, 3, 1);
    }
}
