package io.penstock.ecmp.host;

import static io.penstock.ecmp.host.StepBuilder.NEVER;

import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipConfig.OnRemoval;
import io.penstock.ecmp.host.HostStep.Transition;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.lease.Lease;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Route;
import io.penstock.serving.VipVerdict;
import java.time.Duration;
import java.util.Optional;

/**
 * One VIP of this host.
 *
 * <pre>
 *                 served, and the kernel took it             draining, or ordered to go
 *   WAITING ------------------------------------> HELD ------------------------------------> WITHDRAWING
 *      ^ ^                                         | ^                                         |     |
 *      | |  not served, unknown for too long,      | |             served again                |     | announcement over
 *      | +------- lapsed ---------------------------+ +-----------------------------------------+     v
 *      |                                                                                          DRAINING
 *      | (WITHDRAWN instead, by order)                                                               |
 *      +---------------------------------------------------------------------------------------------+
 *                                         drained, not served, lapsed
 * </pre>
 *
 * An obstacle (the address is someone else's, there is no such interface, it was taken away, the kernel refuses it) leads from anywhere
 * to FAULT, and on from there when it is gone. A lapsed lease is never refreshed: the VIP starts over, with a verdict younger than that.
 * The address is removed only on sight, with the agent's mark on it. NOT thread safe.
 */
final class Vip {
    static final int IFA_F_NODAD = 0x02;

    private static final long LOOK_AGAIN_NS = Backoff.MIN_NS;

    private final int protocol;
    private final Lease lease;
    private final Backoff removals = new Backoff(true);
    private final Backoff refusals = new Backoff(false);

    private VipConfig config;
    private Trust trust;
    private VipState state = VipState.WAITING;
    private String reason = "not looked at yet";
    private long sinceNs;

    /** Of the last refresh; empty when it was not refused. */
    private String refusal = "";

    private boolean configured = true;
    private boolean withdrawn;
    private boolean stopping;
    private boolean atOnce;
    private boolean adoptable = true;

    /** Whether the kernel has the address, with the agent's mark, as far as is known. */
    private boolean here;

    /** Whether it also has it where it does not belong (any more). */
    private boolean elsewhere;

    private Optional<Link> link = Optional.empty();

    /** When WITHDRAWING or DRAINING is over. */
    private long phaseEndsNs;

    /** Until when FAULT lasts, whatever is seen. */
    private long faultEndsNs;

    /** When the kernel was last to be told of the address. */
    private long askedNs;

    /** When the kernel has to be looked at again. */
    private long lookAtNs = NEVER;

    private long refreshes;
    private long lapses;
    private long removed;

    Vip(VipConfig config, int protocol, long nowNs) {
        this.config = config;
        this.protocol = protocol;
        this.lease = new Lease(config.lease());
        this.trust = new Trust(config.health(), config.lease(), nowNs);
        this.sinceNs = nowNs;
    }

    VipConfig config() {
        return config;
    }

    VipView view(long nowNs) {
        Duration left = state.isPresent() ? lease.left(nowNs) : Duration.ZERO;
        return new VipView(
                config.name(),
                config.address(),
                config.interfaceName(),
                state,
                refusal.isEmpty() ? reason : refusal,
                sinceNs,
                trust.verdict(),
                left,
                refreshes,
                lapses,
                removed);
    }

    // Orders: they are carried out by the next step.

    void withdraw() {
        withdrawn = true;
    }

    void resume() {
        withdrawn = false;
        forgive();
    }

    void stop(boolean now) {
        stopping = true;
        atOnce |= now;
    }

    void unconfigure() {
        configured = false;
    }

    /** It is, or is again, to be had like this. */
    void configure(VipConfig next, long nowNs) {
        if (!next.name().equals(config.name()) || !next.health().equals(config.health())) {
            trust = new Trust(next.health(), next.lease(), nowNs);
        }
        trust.grace(next.lease());
        lease.change(next.lease());
        config = next;
        configured = true;
        forgive();
    }

    private void forgive() {
        faultEndsNs = 0;
        removals.reset();
        refusals.reset();
    }

    // Steps.

    void step(Sight sight, VipVerdict said, StepBuilder out) {
        long nowNs = out.nowNs();
        link = sight.link();
        here = sight.ours().isPresent();
        elsewhere = !sight.misplaced().isEmpty();
        if (hasLapsed(nowNs)) {
            lapse(out);
        } else if (adoptable && !isToGo() && (here || elsewhere)) {
            lease.adopted(nowNs, sight.validSeconds());
            transitionTo(VipState.HELD, "adopted from a former run", out);
        }
        adoptable = false;
        lookAtNs = lookAtNs <= nowNs ? NEVER : lookAtNs;
        if (configured) {
            trust.hear(said, nowNs);
        }
        Optional<String> obstacle = sight.obstacle(config);
        if (obstacle.isEmpty() && state.isPresent() && !here) {
            if (elsewhere) {
                lease.dueNow();
            } else {
                vanish(out);
            }
        }
        VipState before;
        do {
            before = state;
            decide(obstacle, out);
        } while (state != before);
        act(sight, obstacle.isEmpty(), out);
    }

    private void lapse(StepBuilder out) {
        lapses++;
        trust.forget(out.nowNs());
        lookAtNs = out.nowNs();
        transitionTo(away(), "its lease ran out before it was refreshed", out);
    }

    /** Someone took it away. */
    private void vanish(StepBuilder out) {
        removed++;
        if (state != VipState.HELD || isToGo()) {
            transitionTo(away(), "someone removed it", out);
            return;
        }
        boolean restore = config.onRemoval() == OnRemoval.RESTORE;
        faultEndsNs = restore ? removals.failed(out.nowNs()) : NEVER;
        lookAtNs = faultEndsNs;
        transitionTo(VipState.FAULT, "someone removed it", out);
    }

    private void decide(Optional<String> obstacle, StepBuilder out) {
        switch (state) {
            case WAITING, FAULT -> decideAway(obstacle, out);
            case WITHDRAWN -> {
                if (!isToGo()) {
                    transitionTo(VipState.WAITING, "resumed", out);
                }
            }
            case HELD -> decideHeld(obstacle, out);
            case WITHDRAWING, DRAINING -> decideLeaving(obstacle, out);
        }
    }

    private void decideAway(Optional<String> obstacle, StepBuilder out) {
        boolean faulty = state == VipState.FAULT;
        if (isToGo()) {
            transitionTo(VipState.WITHDRAWN, order(), out);
        } else if (faulty && out.nowNs() < faultEndsNs) {
            return;
        } else if (obstacle.isPresent()) {
            faultEndsNs = 0;
            if (!faulty) {
                transitionTo(VipState.FAULT, obstacle.get(), out);
            }
            reason = obstacle.get();
        } else if (!trust.isServed()) {
            if (faulty) {
                transitionTo(VipState.WAITING, trust.verdict().reason(), out);
            }
            reason = trust.verdict().reason();
        }
    }

    private void decideHeld(Optional<String> obstacle, StepBuilder out) {
        if (obstacle.isPresent()) {
            faultEndsNs = 0;
            transitionTo(VipState.FAULT, obstacle.get(), out);
        } else if (isLost(out.nowNs())) {
            transitionTo(away(), trust.verdict().reason(), out);
        } else if (isToGo() || trust.isDraining()) {
            phaseEndsNs = out.nowNs() + config.announcement().toNanos();
            transitionTo(
                    VipState.WITHDRAWING, isToGo() ? order() : trust.verdict().reason(), out);
        }
    }

    private void decideLeaving(Optional<String> obstacle, StepBuilder out) {
        if (obstacle.isPresent()) {
            faultEndsNs = 0;
            transitionTo(isToGo() ? VipState.WITHDRAWN : VipState.FAULT, obstacle.get(), out);
        } else if (isLost(out.nowNs())) {
            transitionTo(away(), trust.verdict().reason(), out);
        } else if (isToGo() && atOnce) {
            transitionTo(away(), order(), out);
        } else if (!isToGo() && trust.isServed()) {
            transitionTo(VipState.HELD, "served again", out);
        } else if (out.nowNs() >= phaseEndsNs && state == VipState.WITHDRAWING) {
            phaseEndsNs = out.nowNs() + config.drain().toNanos();
            transitionTo(VipState.DRAINING, "its withdrawal was to be seen for long enough", out);
        } else if (out.nowNs() >= phaseEndsNs) {
            transitionTo(away(), "drained", out);
        }
    }

    /** What is to be done about what was seen. */
    private void act(Sight sight, boolean free, StepBuilder out) {
        long nowNs = out.nowNs();
        boolean away = state == VipState.WAITING || state == VipState.FAULT;
        if (away && free && !isToGo() && nowNs >= faultEndsNs && trust.isServed()) {
            lookAtNs = nowNs + LOOK_AGAIN_NS;
            put(out);
            return;
        }
        if (!state.isPresent()) {
            sight.ours().ifPresent(seen -> out.change(new RemoveAddress(seen)));
        }
        if (!state.isPresent() || here) {
            sight.misplaced().forEach(seen -> out.change(new RemoveAddress(seen)));
        }
    }

    /** Lets a lease that ran out go, whatever there is to see. */
    void expire(StepBuilder out) {
        if (hasLapsed(out.nowNs())) {
            lapse(out);
        }
    }

    boolean isDue(long nowNs) {
        return state.isPresent() && lease.isDue(nowNs);
    }

    void refreshIfNearlyDue(StepBuilder out) {
        if (state.isPresent() && lease.isNearlyDue(out.nowNs())) {
            lease.asked(out.nowNs());
            put(out);
        }
    }

    private void put(StepBuilder out) {
        int flags = config.address().isIpv4() ? 0 : IFA_F_NODAD;
        askedNs = out.nowNs();
        out.change(new PutAddress(new InterfaceAddress(
                link.orElseThrow().index(),
                config.address(),
                Sight.bits(config.address()),
                flags,
                Route.SCOPE_UNIVERSE,
                protocol,
                lease.durationNs() / Duration.ofSeconds(1).toNanos())));
    }

    /** The kernel took it; out's now is after that. */
    void taken(StepBuilder out) {
        here = true;
        refusal = "";
        lookAtNs = elsewhere ? out.nowNs() : NEVER;
        if (hasLapsed(out.nowNs())) {
            lapse(out);
        } else if (lease.isTooLate(askedNs, out.nowNs())) {
            trust.forget(out.nowNs());
            lookAtNs = out.nowNs();
        } else {
            lease.granted(askedNs);
            refreshes += state.isPresent() ? 1 : 0;
            if (!state.isPresent()) {
                transitionTo(
                        VipState.HELD,
                        state == VipState.FAULT ? "restored" : trust.verdict().reason(),
                        out);
            }
        }
    }

    void refused(String words, StepBuilder out) {
        if (state.isPresent()) {
            lookAtNs = lease.refused(out.nowNs());
            refusal = "a refresh was refused: " + words;
            return;
        }
        faultEndsNs = refusals.failed(out.nowNs());
        lookAtNs = faultEndsNs;
        if (state != VipState.FAULT) {
            transitionTo(VipState.FAULT, words, out);
        }
        reason = words;
    }

    void removed() {
        here = false;
    }

    /** The kernel would not remove it, or it was gone already: that is to be seen. */
    void notRemoved(long nowNs) {
        lookAtNs = Math.min(lookAtNs, nowNs + LOOK_AGAIN_NS);
    }

    void schedule(StepBuilder out) {
        if (state.isPresent()) {
            out.wakeAt(lease.wakeAtNs());
            if (configured) {
                out.decideAt(trust.changesAtNs());
            }
        }
        if (state == VipState.WITHDRAWING || state == VipState.DRAINING) {
            out.decideAt(phaseEndsNs);
        }
        out.decideAt(lookAtNs);
    }

    // What is known.

    /** Nothing of it is left, as far as is known. */
    boolean isGone() {
        return !state.isPresent() && !here;
    }

    boolean isConfigured() {
        return configured;
    }

    private boolean hasLapsed(long nowNs) {
        return state.isPresent() && lease.hasLapsed(nowNs);
    }

    private boolean isLost(long nowNs) {
        return configured && trust.isLost(nowNs);
    }

    private boolean isToGo() {
        return withdrawn || stopping || !configured;
    }

    private String order() {
        return stopping ? "the agent stops" : configured ? "withdrawn by an operator" : "no longer configured";
    }

    /** The state of a VIP that went without a fault. */
    private VipState away() {
        return isToGo() ? VipState.WITHDRAWN : VipState.WAITING;
    }

    private void transitionTo(VipState next, String why, StepBuilder out) {
        out.transition(new Transition(config.name(), state, next, why));
        state = next;
        reason = why;
        refusal = "";
        sinceNs = out.nowNs();
    }
}
