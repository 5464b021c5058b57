package io.penstock.vrrp.address;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What comes of one call of the {@link VipKeeper}: changes to be made, and what is to be told. NOT thread safe. */
final class Turn {
    /** Who is told what became of a change. */
    interface Outcome {
        /**
         * The kernel has answered.
         *
         * @param refusal why it was not made; empty when it was
         */
        void of(Optional<String> refusal);
    }

    /**
     * A VIP that was not to be had.
     *
     * @param refusal why, in the kernel's words
     */
    record Contest(Vip vip, String refusal) {}

    private final long nowNs;
    private final List<KernelChange> changes = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Contest> contests = new ArrayList<>();
    private final List<VipEvent> events = new ArrayList<>();

    Turn(long nowNs) {
        this.nowNs = nowNs;
    }

    long nowNs() {
        return nowNs;
    }

    void change(KernelChange change, Outcome outcome) {
        changes.add(change);
        outcomes.add(outcome);
    }

    void event(VipEvent event) {
        events.add(event);
    }

    /** The kernel would not have it: what is there has to be looked at. */
    void contest(Vip vip, String refusal) {
        contests.add(new Contest(vip, refusal));
    }

    List<KernelChange> changes() {
        return List.copyOf(changes);
    }

    /** Tells everyone what became of their changes, which are behind it then. */
    void settle(List<Optional<String>> refusals) {
        List<Outcome> told = List.copyOf(outcomes);
        changes.clear();
        outcomes.clear();
        for (int i = 0; i < told.size(); i++) {
            told.get(i).of(refusals.get(i));
        }
    }

    /** Those that a look has to be taken for; none are left then. */
    List<Contest> takeContests() {
        List<Contest> taken = List.copyOf(contests);
        contests.clear();
        return taken;
    }

    List<VipEvent> events() {
        return List.copyOf(events);
    }
}
