package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The state machine of one virtual router (RFC 9568 section 6.4 with its errata; RFC 3768 section 6.4 in version 2). Pure: events and
 * instants in, actions out. NOT thread safe.
 *
 * <pre>
 *              the owner
 *            +-----------------------------------------------+
 *            |                                               v
 *      INITIALIZE ------> BACKUP -------------------------> ACTIVE
 *            |            ^ |  ^   silence for                | |
 *            |            | |  |   Active_Down_Interval,      | |
 *            |      fault | |  |   or Skew_Time after         | |
 *            | fault gone | |  |   priority 0                 | |
 *            v            | v  +------------------------------+ |
 *            +---------> FAULT     higher priority; the same    |
 *                          ^       and a higher address; late;  |
 *                          |       handed over                  |
 *                          +------------------------------------+
 *                                  fault
 * </pre>
 *
 * <p>The owner goes from FAULT to ACTIVE; stop leads from everywhere to INITIALIZE. Besides the RFC: a router that is late steps down
 * before a backup can take over ({@link Lateness}), and one that cannot send its first advertisement does not become active; for the
 * preempt delay after a start or a fault, and for the hold-off after a hand-over, active routers of lower priority are left alone as
 * without preemption; routers of a group follow each other ({@link SyncGroup}).
 */
public final class VirtualRouter {
    private static final String OWNS = "it owns the addresses";

    private final Machine machine;
    private final Backup backup;
    private final Active active;
    private Optional<String> groupFault = Optional.empty();

    public VirtualRouter(RouterSettings settings) {
        machine = new Machine(settings);
        backup = new Backup(machine);
        active = new Active(machine);
    }

    /**
     * Begins to take part, or waits in a fault. VIPs that a former run left here are let go of as soon as another router is active.
     *
     * @throws IllegalStateException when it is started already
     */
    public List<Action> start(Conditions conditions, long nowNs) {
        if (state() != State.INITIALIZE) {
            throw new IllegalStateException(machine.settings().name() + " is " + state().label());
        }
        machine.set(conditions);
        machine.mayHaveLeftovers();
        groupFault = Optional.empty();
        backup.release();
        conditions
                .fault()
                .ifPresentOrElse(fault -> machine.becomeFaulty(fault, nowNs), () -> takePart("started", nowNs));
        return machine.take();
    }

    /** An active router says that it stops being it, then lets go. */
    public List<Action> stop(long nowNs) {
        if (state() != State.INITIALIZE) {
            machine.becomeStopped(nowNs);
        }
        return machine.take();
    }

    /**
     * Takes a valid advertisement of this virtual router.
     *
     * @param source of the packet that it came in
     */
    public List<Action> onAdvertisement(Advertisement heard, IpAddress source, long nowNs) {
        if (state() == State.INITIALIZE || state() == State.FAULT) {
            return List.of();
        }
        Differences.note(machine, heard, source);
        if (state() == State.ACTIVE && !active.stepsDown(nowNs)) {
            active.onAdvertisement(heard, source, nowNs);
        } else {
            backup.onAdvertisement(heard, source, nowNs);
        }
        return machine.take();
    }

    /** Looks at the time; early calls do nothing. For a router of a group, {@link SyncGroup#onDeadline} is to be asked instead. */
    public List<Action> onDeadline(long nowNs) {
        switch (state()) {
            case INITIALIZE, FAULT -> {}
            case BACKUP -> backup.onDeadline(nowNs);
            case ACTIVE -> active.onDeadline(nowNs);
        }
        return machine.take();
    }

    /**
     * Whether the advertisement of the last {@link Action.Send} left this host; told at once.
     *
     * @return when it is not empty, what is to be done instead of the actions after that one
     */
    public List<Action> onSent(boolean sent, long nowNs) {
        if (state() == State.ACTIVE) {
            active.onSent(sent, nowNs);
        }
        return machine.take();
    }

    /** Takes what it depends on, changed or not. */
    public List<Action> onConditions(Conditions conditions, long nowNs) {
        boolean wasOwner = machine.isOwner();
        machine.set(conditions);
        switch (state()) {
            case INITIALIZE -> {}
            case FAULT -> onConditionsInFault(nowNs);
            case BACKUP, ACTIVE -> {
                if (conditions.fault().isPresent()) {
                    machine.becomeFaulty(conditions.fault().get(), nowNs);
                } else if (state() == State.BACKUP && machine.isOwner() && !wasOwner) {
                    machine.becomeActive(OWNS, nowNs);
                }
            }
        }
        return machine.take();
    }

    /**
     * An active router says that it stops and is a backup.
     *
     * @param holdOff how long it then takes over from nobody whom it hears
     */
    public List<Action> handOver(Duration holdOff, long nowNs) {
        backup.hold(nowNs + holdOff.toNanos());
        if (state() == State.ACTIVE) {
            machine.handOver("handed over on purpose", nowNs);
        }
        return machine.take();
    }

    /** Ends a hold-off or a preempt delay. */
    public void resume() {
        backup.release();
    }

    /**
     * Does as another of its group did, unless it has a fault of its own.
     *
     * @param next FAULT lasts until the group is BACKUP or ACTIVE
     */
    public List<Action> follow(State next, String reason, long nowNs) {
        if (state() == State.INITIALIZE || next == State.INITIALIZE) {
            return List.of();
        }
        groupFault = next == State.FAULT ? Optional.of(reason) : Optional.empty();
        if (next == State.FAULT && state() != State.FAULT) {
            machine.becomeFaulty(reason, nowNs);
        } else if (state() == State.FAULT) {
            leaveFault(reason, nowNs);
        }
        if (next == State.ACTIVE && state() == State.BACKUP) {
            machine.becomeActive(reason, nowNs);
        } else if (next == State.BACKUP && state() == State.ACTIVE) {
            machine.handOver(reason, nowNs);
        }
        return machine.take();
    }

    /**
     * Goes on with other settings in the same state; an active router tells a new interval or new addresses at once.
     *
     * @throws IllegalArgumentException for another name, version or VRID: that would be another virtual router
     */
    public List<Action> reconfigure(RouterSettings settings, long nowNs) {
        RouterSettings former = machine.settings();
        if (!settings.name().equals(former.name())
                || settings.version() != former.version()
                || settings.vrid() != former.vrid()) {
            throw new IllegalArgumentException(settings + " is another virtual router than " + former);
        }
        machine.set(settings);
        switch (state()) {
            case INITIALIZE, FAULT -> {}
            case BACKUP -> backup.onSettings(nowNs);
            case ACTIVE -> active.onSettings(former, nowNs);
        }
        return machine.take();
    }

    /** It would be active, but another of its group hears an active router: until that one hears none, or this one hears one again. */
    void awaitGroup() {
        machine.holdDownTimer();
    }

    /** Has the group asked again whether this one may be active, when it waits for that. */
    public void askGroupAgain(long nowNs) {
        if (state() == State.BACKUP) {
            machine.endHoldOfDownTimer(nowNs);
        }
    }

    /** Whether it is a backup of somebody whom it hears, or has not waited long enough to know. */
    boolean keepsGroupBack(long nowNs) {
        return state() == State.BACKUP && !machine.hasDownTimerRunOut(nowNs);
    }

    /**
     * Whether it could not send when it was active last, or was to be: all the group would have to give way at once if that is still so, so
     * it is the one to try. It is that until it has sent.
     */
    boolean isUnheard() {
        return (state() == State.BACKUP || state() == State.ACTIVE) && machine.isUnheard();
    }

    /** A fault of its own comes before one of its group: when it goes, the group is told by the transition and looks at all again. */
    private void onConditionsInFault(long nowNs) {
        if (hasFault()) {
            groupFault = Optional.empty();
            machine.stayFaulty(machine.conditions().fault().get());
        } else {
            leaveFault("the fault is gone", nowNs);
        }
    }

    /** Startup of RFC 9568 section 6.4.1. */
    private void takePart(String why, long nowNs) {
        if (machine.isOwner()) {
            machine.becomeActive(OWNS, nowNs);
        } else {
            backup.hold(nowNs + machine.settings().preemptDelay().toNanos());
            machine.becomeBackup(why, nowNs);
        }
    }

    private void leaveFault(String why, long nowNs) {
        if (!hasFault() && groupFault.isEmpty()) {
            takePart(why, nowNs);
        }
    }

    /** Of its own, not for its group's sake. */
    boolean hasFault() {
        return state() == State.FAULT && machine.conditions().fault().isPresent();
    }

    String name() {
        return machine.settings().name();
    }

    /** When {@link #onDeadline} is to be called at the latest; Long.MAX_VALUE for never. */
    public long deadlineNs() {
        return switch (state()) {
            case INITIALIZE, FAULT -> Long.MAX_VALUE;
            case BACKUP -> machine.timerNs();
            case ACTIVE -> active.deadlineNs();
        };
    }

    public State state() {
        return machine.state();
    }

    public RouterView view() {
        return machine.view();
    }
}
