package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.health.Schedule.Initial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    /**
     * Initial states as {@code +} (up) and {@code -}; then the checks that change, by number; then the verdict at first
     * and after each change. Weights are 50, 30 and 20.
     */
    @ParameterizedTest
    @CsvSource({
        "all,         +++, 1 1 2 3 2 3,   + - + - - - +",
        "any,         ---, 1 2 1 2,       - + + + -",
        "any,         +++, 1 2 3 1,       + + + - +",
        "at-least-2,  +++, 1 2 3 1 2,     + + - - - +",
        "at-least-2,  +--, 2 1,           - + -",
        // Up at 60, down below 40.
        "60/40,       +++, 1 3 1 2 1,     + + - + + -",
        "60/40,       +--, 2 2 1,         - + + -",
        "60/60,       +++, 3 2 2,         + + - +",
        // Between the two from the start: it has not come up.
        "60/40,       -++, 1,             - +",
        "60/0,        +++, 1 2 3,         + + + +",
    })
    void shouldCombine(String combination, String initial, String changes, String verdicts) {
        List<Boolean> up = new ArrayList<>();
        List<HealthCheck> checks = new ArrayList<>();
        List<Integer> weights = List.of(50, 30, 20);
        for (int i = 0; i < initial.length(); i++) {
            up.add(initial.charAt(i) == '+');
            checks.add(check("check" + i, up.get(i) ? Initial.UP : Initial.DOWN, weights.get(i)));
        }
        HealthPlan plan = new HealthPlan(checks, combination(combination));
        Verdict verdict = new Verdict(plan);
        StringBuilder seen = new StringBuilder(plan.isUpAtFirst() ? "+" : "-");
        for (String number : changes.split(" ", -1)) {
            int check = Integer.parseInt(number) - 1;
            up.set(check, !up.get(check));
            boolean before = verdict.isUp();
            assertEquals(verdict.onChange(check, up.get(check)), verdict.isUp() != before);
            seen.append(verdict.isUp() ? " +" : " -");
        }
        assertEquals(verdicts, seen.toString());
    }

    private static Combination combination(String text) {
        return switch (text) {
            case "all" -> new Combination.All();
            case "any" -> new Combination.Any();
            case "at-least-2" -> new Combination.AtLeast(2);
            default -> {
                String[] score = text.split("/", -1);
                yield new Combination.Score(Integer.parseInt(score[0]), Integer.parseInt(score[1]));
            }
        };
    }

    @Test
    void shouldNameDecidingCheckWhenThereAreSeveral() {
        List<String> heard = new ArrayList<>();
        HealthListener listener = new HealthListener() {
            @Override
            public void onTransition(boolean up, String evidence) {
                heard.add((up ? "up " : "down ") + evidence);
            }

            @Override
            public void onResult(HealthCheck check, ProbeResult result, long durationNs) {
                heard.add(check.name() + " " + result.evidence() + " " + durationNs);
            }
        };
        List<HealthCheck> checks = List.of(check("port", Initial.UP, 1), check("app", Initial.UP, 1));
        TargetHealth health = new TargetHealth(new HealthPlan(checks, new Combination.All()), listener);
        health.onResult(0, ProbeResult.success("connected"), 1);
        health.onResult(1, ProbeResult.noVerdict("no descriptor"), 2);
        health.onResult(1, ProbeResult.failure("HTTP status 500"), 3);
        health.onResult(0, ProbeResult.failure("refused"), 4);
        assertEquals(
                List.of(
                        "port connected 1",
                        "app no descriptor 2",
                        "app HTTP status 500 3",
                        "down app: HTTP status 500",
                        "port refused 4"),
                heard);
    }

    @Test
    void shouldRefusePlanThatCannotDecide() {
        HealthCheck check = check("one", Initial.UP, 1);
        assertRefused(() -> new HealthPlan(List.of(), new Combination.All()));
        assertRefused(() -> new HealthPlan(List.of(check, check), new Combination.All()));
        assertRefused(() -> new HealthPlan(List.of(check), new Combination.AtLeast(2)));
        assertRefused(() -> new HealthPlan(List.of(check), new Combination.AtLeast(0)));
        assertRefused(() -> new Combination.Score(40, 60));
        assertRefused(() -> new Combination.Score(0, 0));
    }

    private static void assertRefused(Runnable making) {
        assertThrows(IllegalArgumentException.class, making::run);
    }

    private static HealthCheck check(String name, Initial initial, int weight) {
        Duration second = Duration.ofSeconds(1);
        Schedule schedule = new Schedule(second, second, second, 0, initial);
        return new HealthCheck(name, new Probe.Tcp(), 0, schedule, HealthCheck.Origin.PLAIN, 2, 3, weight);
    }
}
