package io.penstock.serving;

import io.penstock.serving.VipVerdict.Kind;

/**
 * From a forwarder's answers on one VIP to the verdict: rise and fall. A forwarder that drains is believed at once, since it
 * is about to cut connections; one that does not know yet says nothing either way. That a VIP is degraded, or is not any more, takes as
 * many answers in a row as that it is not served, or is. NOT thread safe.
 */
final class Judgement {
    private final int rise;
    private final int fall;
    private VipVerdict verdict = new VipVerdict(Kind.UNKNOWN, 0, "no answer yet");
    private Kind challenger = Kind.UNKNOWN;
    private int answers;

    /** In a row that say otherwise than the verdict whether it is degraded. */
    private int otherwise;

    /**
     * @param rise answers in a row that make it served, or degraded no more
     * @param fall answers in a row that make it not served, or degraded
     */
    Judgement(int rise, int fall) {
        this.rise = rise;
        this.fall = fall;
    }

    VipVerdict verdict() {
        return verdict;
    }

    /**
     * Whether the answer has confirmed or changed the verdict; if not, it is as old as it was.
     *
     * @param askedNs when the question went out: what is said is true of some time after that
     */
    boolean onAnswer(Answer answer, long askedNs) {
        if (answer.kind() == Kind.UNKNOWN) {
            return false;
        }
        if (answer.kind() != verdict.kind() && !isDecided(answer.kind())) {
            return false;
        }
        challenger = answer.kind();
        answers = 0;
        verdict = new VipVerdict(answer.kind(), isDegraded(answer), askedNs, answer.reason());
        return true;
    }

    private boolean isDegraded(Answer answer) {
        boolean settled = verdict.kind() != answer.kind() || verdict.degraded() == answer.degraded();
        otherwise = settled ? 0 : otherwise + 1;
        if (settled || otherwise < (answer.degraded() ? fall : rise)) {
            return settled ? answer.degraded() : verdict.degraded();
        }
        otherwise = 0;
        return answer.degraded();
    }

    private boolean isDecided(Kind kind) {
        answers = kind == challenger ? answers + 1 : 1;
        challenger = kind;
        return switch (kind) {
            case SERVED -> answers >= rise;
            case NOT_SERVED -> answers >= fall;
            case DRAINING -> true;
            case UNKNOWN -> false;
        };
    }
}
