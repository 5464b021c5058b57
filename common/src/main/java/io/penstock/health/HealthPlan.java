package io.penstock.health;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * All that is checked of one target, and how the checks make one verdict.
 *
 * @param checks at least one, names all different
 */
public record HealthPlan(List<HealthCheck> checks, Combination combination) {
    public HealthPlan {
        checks = List.copyOf(checks);
        if (checks.isEmpty()) {
            throw new IllegalArgumentException("a plan without a check");
        }
        if (checks.stream().map(HealthCheck::name).distinct().count() < checks.size()) {
            throw new IllegalArgumentException("two checks of one name");
        }
        if (combination instanceof Combination.AtLeast some && (some.checks() < 1 || some.checks() > checks.size())) {
            throw new IllegalArgumentException("there are not so many checks");
        }
    }

    /** The verdict before the first results: that of the checks' initial states. */
    public boolean isUpAtFirst() {
        return new Verdict(this).isUp();
    }

    /** How long it can take to see that the target is up: as many results of its slowest check as it takes, each as late as it can be. */
    public Duration timeToRise() {
        return longest(HealthCheck::rise);
    }

    /** How long it can take to see that the target is down. */
    public Duration timeToFall() {
        return longest(HealthCheck::fall);
    }

    /**
     * How long it can take from any time on until each check has had as many results as change its state, if all speak against it: one
     * after its interval at most, the others after the fast one.
     */
    public Duration timeToVerdict() {
        return Collections.max(checks.stream()
                .map(check -> check.schedule().longestRow(Math.max(check.rise(), check.fall())))
                .toList());
    }

    private Duration longest(ToIntFunction<HealthCheck> rounds) {
        return Collections.max(checks.stream()
                .map(check -> check.schedule().longestRound().multipliedBy(rounds.applyAsInt(check)))
                .toList());
    }

    /** The same checks, of a target that is known to be up, until checks disprove it, or down, until the next result. */
    public HealthPlan beginning(boolean up) {
        Schedule.Initial known = up ? Schedule.Initial.FULLY_UP : Schedule.Initial.DOWN;
        return new HealthPlan(
                checks.stream().map(check -> check.beginning(known)).toList(), combination);
    }

    /** One check, whose state is the verdict. */
    public static HealthPlan of(HealthCheck check) {
        return new HealthPlan(List.of(check), new Combination.All());
    }
}
