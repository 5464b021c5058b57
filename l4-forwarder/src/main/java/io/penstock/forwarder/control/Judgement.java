package io.penstock.forwarder.control;

import io.penstock.health.ProbeResult;

/**
 * When the checks of a member have said enough for its state to count as theirs: each has had a result, and, where flows move by what is
 * said, none speaks against the state. Told once. The probing thread's own.
 */
final class Judgement {
    private final boolean toBeConfirmed;
    private final Runnable onKnown;
    private boolean all;
    private boolean withoutVerdict;
    private boolean told;

    /** @param toBeConfirmed whether a first result is not enough that more may overrule */
    Judgement(boolean toBeConfirmed, Runnable onKnown) {
        this.toBeConfirmed = toBeConfirmed;
        this.onKnown = onKnown;
    }

    /** Before the others, of each result. */
    void onResult(ProbeResult.Outcome outcome) {
        withoutVerdict = outcome == ProbeResult.Outcome.NO_VERDICT;
        tellIf(all && withoutVerdict);
    }

    /** Each check has had a result. One that cannot say anything keeps nobody waiting. */
    void onAll() {
        all = true;
        tellIf(!toBeConfirmed || withoutVerdict);
    }

    void onConfirmed() {
        tellIf(all);
    }

    private void tellIf(boolean known) {
        if (known && !told) {
            told = true;
            onKnown.run();
        }
    }
}
