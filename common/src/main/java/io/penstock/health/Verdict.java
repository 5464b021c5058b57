package io.penstock.health;

import java.util.List;

/** The states of several checks as one. NOT thread safe. */
final class Verdict {
    private final Combination combination;
    private final int[] weights;
    private final boolean[] up;
    private boolean verdict;

    Verdict(HealthPlan plan) {
        combination = plan.combination();
        List<HealthCheck> checks = plan.checks();
        weights = new int[checks.size()];
        up = new boolean[checks.size()];
        for (int i = 0; i < up.length; i++) {
            weights[i] = checks.get(i).weight();
            up[i] = checks.get(i).schedule().initial().isUp();
        }
        verdict = combine();
    }

    boolean isUp() {
        return verdict;
    }

    /** True when the new state of this check changed the verdict. */
    boolean onChange(int check, boolean checkUp) {
        up[check] = checkUp;
        boolean before = verdict;
        verdict = combine();
        return verdict != before;
    }

    private boolean combine() {
        if (combination instanceof Combination.Score score) {
            return sum() >= (verdict ? score.down() : score.up());
        }
        return count() >= needed();
    }

    private int needed() {
        if (combination instanceof Combination.Any) {
            return 1;
        }
        return combination instanceof Combination.AtLeast atLeast ? atLeast.checks() : up.length;
    }

    private int count() {
        int count = 0;
        for (boolean one : up) {
            count += one ? 1 : 0;
        }
        return count;
    }

    private long sum() {
        long sum = 0;
        for (int i = 0; i < up.length; i++) {
            sum += up[i] ? weights[i] : 0;
        }
        return sum;
    }
}
