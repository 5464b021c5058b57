package io.penstock.health;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** From the results of one target's checks to its verdict. NOT thread safe. */
final class TargetHealth {
    private final List<HealthCheck> checks;
    private final List<CheckState> states = new ArrayList<>();
    private final Verdict verdict;
    private final HealthListener listener;

    /** That have had no result yet. */
    private final BitSet awaited = new BitSet();

    TargetHealth(HealthPlan plan, HealthListener listener) {
        checks = plan.checks();
        verdict = new Verdict(plan);
        this.listener = listener;
        for (HealthCheck check : checks) {
            states.add(new CheckState(check.schedule().initial(), check.rise(), check.fall()));
        }
        awaited.set(0, checks.size());
    }

    /** True when the check is to be repeated soon. */
    boolean onResult(int check, ProbeResult result, long durationNs) {
        CheckState state = states.get(check);
        boolean changed = result.outcome() != ProbeResult.Outcome.NO_VERDICT
                && state.onResult(result.outcome() == ProbeResult.Outcome.SUCCESS);
        listener.onResult(checks.get(check), result, durationNs);
        if (changed && verdict.onChange(check, state.isUp())) {
            listener.onTransition(verdict.isUp(), evidence(check, result));
        }
        if (awaited.get(check)) {
            awaited.clear(check);
            if (awaited.isEmpty()) {
                listener.onJudged();
            }
        }
        if (result.outcome() != ProbeResult.Outcome.NO_VERDICT && isBeyondDoubt()) {
            listener.onConfirmed();
        }
        return state.isInDoubt();
    }

    private boolean isBeyondDoubt() {
        for (CheckState state : states) {
            if (state.isInDoubt()) {
                return false;
            }
        }
        return awaited.isEmpty();
    }

    private String evidence(int check, ProbeResult result) {
        return checks.size() == 1 ? result.evidence() : checks.get(check).name() + ": " + result.evidence();
    }
}
