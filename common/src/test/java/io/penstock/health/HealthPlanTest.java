package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthPlanTest {
    /** A round is two intervals and the timeout: an interval may be longer by its jitter, and the answer late. */
    @Test
    void shouldTakeAsLongAsItsSlowestCheck() {
        HealthPlan plan = new HealthPlan(
                List.of(check("quick", 100, 50, 2, 10), check("slow", 1000, 500, 3, 2)), new Combination.Any());
        assertEquals(Duration.ofMillis(7500), plan.timeToRise());
        assertEquals(Duration.ofSeconds(5), plan.timeToFall());
    }

    @Test
    void shouldCountRoundsOfCheckThatTakesMost() {
        HealthPlan plan = new HealthPlan(
                List.of(check("quick", 100, 50, 20, 1), check("slow", 1000, 500, 1, 1)), new Combination.All());
        assertEquals(Duration.ofSeconds(5), plan.timeToRise());
        assertEquals(Duration.ofMillis(2500), plan.timeToFall());
    }

    /** The first result comes after the interval and its jitter, each next one after the fast interval, all as late as the timeout lets them. */
    @Test
    void shouldKnowTheStateAfterARowOfResults() {
        HealthPlan plan = new HealthPlan(
                List.of(check("quick", 100, 50, 2, 10), check("slow", 1000, 500, 1, 1)), new Combination.All());
        assertEquals(Duration.ofMillis(1600), plan.timeToVerdict());
        HealthPlan row = new HealthPlan(List.of(check("slow", 1000, 500, 3, 2)), new Combination.All());
        assertEquals(Duration.ofMillis(4800), row.timeToVerdict());
    }

    private static HealthCheck check(String name, int intervalMs, int timeoutMs, int rise, int fall) {
        Duration interval = Duration.ofMillis(intervalMs);
        Schedule schedule = new Schedule(
                interval, interval, Duration.ofMillis(timeoutMs), Schedule.DEFAULT_JITTER, Schedule.Initial.DOWN);
        return new HealthCheck(
                name, new Probe.Tcp(), HealthCheck.TARGETS_PORT, schedule, HealthCheck.Origin.PLAIN, rise, fall, 1);
    }
}
