package io.penstock.ecmp.host;

import io.penstock.ecmp.config.VipHealth;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.time.Duration;

/**
 * What a verdict is still worth. One that its check should have confirmed long ago is none; and to know nothing is, for a while, no
 * reason to give up an address that was served.
 */
final class Trust {
    private final long firstWordNs;
    private final long maxAgeNs;
    private final boolean unchecked;
    private long graceNs;
    private long notBeforeNs;
    private VipVerdict verdict = new VipVerdict(Kind.UNKNOWN, 0, "nobody has said yet that it is served");
    private long doubtSinceNs = StepBuilder.NEVER;

    /**
     * @param grace how long to bear not knowing, at least; and as long as the check needs for a first word
     * @param notBeforeNs what was said up to then was said of something else
     */
    Trust(VipHealth health, Duration grace, long notBeforeNs) {
        this.notBeforeNs = notBeforeNs;
        firstWordNs = timeToRise(health).toNanos();
        maxAgeNs = timeToFall(health).toNanos();
        unchecked = health instanceof VipHealth.None;
        grace(grace);
    }

    final void grace(Duration grace) {
        graceNs = Math.max(grace.toNanos(), firstWordNs);
    }

    private static Duration timeToRise(VipHealth health) {
        if (health instanceof VipHealth.Forwarder forwarder) {
            return forwarder.question().timeToRise();
        }
        return health instanceof VipHealth.Checks checks ? checks.plan().timeToRise() : Duration.ZERO;
    }

    /** As long as it takes the check itself to see that nobody answers. */
    private static Duration timeToFall(VipHealth health) {
        if (health instanceof VipHealth.Forwarder forwarder) {
            return forwarder.question().timeToFall();
        }
        return health instanceof VipHealth.Checks checks ? checks.plan().timeToFall() : Duration.ZERO;
    }

    /** Whatever was said up to now was said of another time. */
    void forget(long nowNs) {
        notBeforeNs = nowNs;
    }

    /** What is to be held of this, now. */
    void hear(VipVerdict said, long nowNs) {
        if (unchecked) {
            verdict = new VipVerdict(Kind.SERVED, nowNs, "not checked");
        } else if (said.kind() == Kind.UNKNOWN || said.atNs() <= notBeforeNs) {
            verdict = new VipVerdict(Kind.UNKNOWN, said.atNs(), "nobody has said yet that it is served");
        } else if (nowNs - said.atNs() > maxAgeNs) {
            verdict = new VipVerdict(Kind.UNKNOWN, said.atNs(), "its check has fallen silent");
        } else {
            verdict = said;
        }
        if (verdict.kind() != Kind.UNKNOWN) {
            doubtSinceNs = StepBuilder.NEVER;
        } else if (doubtSinceNs == StepBuilder.NEVER) {
            doubtSinceNs = nowNs;
        }
    }

    VipVerdict verdict() {
        return verdict;
    }

    boolean isServed() {
        return verdict.kind() == Kind.SERVED;
    }

    boolean isDraining() {
        return verdict.kind() == Kind.DRAINING;
    }

    /** Whether an address that is here has to go. */
    boolean isLost(long nowNs) {
        return verdict.kind() == Kind.NOT_SERVED || (isInDoubt() && nowNs - doubtSinceNs >= graceNs);
    }

    /** When what is held of the verdict changes by itself. */
    long changesAtNs() {
        if (isInDoubt()) {
            return doubtSinceNs + graceNs;
        }
        return unchecked ? StepBuilder.NEVER : verdict.atNs() + maxAgeNs + 1;
    }

    private boolean isInDoubt() {
        return verdict.kind() == Kind.UNKNOWN;
    }
}
