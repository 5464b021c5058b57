package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Action.LetGo;
import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.Action.Send;
import io.penstock.vrrp.protocol.Action.TakeOver;
import io.penstock.vrrp.protocol.Action.Tell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a virtual router knows, and the ways from state to state; {@link VirtualRouter} says what leads where. NOT thread safe. */
final class Machine {
    private static final int OWNER = 255;
    private static final long NEVER = Long.MAX_VALUE;

    final KnownActive known = new KnownActive();
    final Lateness lateness = new Lateness();
    final DuplicateActive duplicate = new DuplicateActive();

    private RouterSettings settings;
    private Conditions conditions = new Conditions(1, Optional.empty(), Optional.empty());
    private State state = State.INITIALIZE;
    private String reason = "not started";
    private long sinceNs;

    /** Active_Down_Timer while BACKUP, Adver_Timer while ACTIVE. */
    private long timerNs;

    /** A former run may have left VIPs here. They stay while nobody else is active, or a lone router would take them off at each start. */
    private boolean maybeLeftovers;

    private boolean unheard;

    /** Before it became active, until its first advertisement as such has left. */
    private Optional<Before> before = Optional.empty();

    private List<Action> actions = new ArrayList<>();

    private record Before(State state, String reason, long sinceNs, boolean maybeLeftovers) {}

    Machine(RouterSettings settings) {
        this.settings = settings;
        known.forget(ownIntervalNs());
    }

    void add(Action action) {
        actions.add(action);
    }

    /** What was added since the last time. */
    List<Action> take() {
        if (actions.isEmpty()) {
            return List.of();
        }
        List<Action> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    RouterSettings settings() {
        return settings;
    }

    void set(RouterSettings given) {
        settings = given;
    }

    Conditions conditions() {
        return conditions;
    }

    void set(Conditions given) {
        conditions = given;
    }

    State state() {
        return state;
    }

    int priority() {
        return conditions.priority();
    }

    boolean isOwner() {
        return conditions.priority() == OWNER;
    }

    boolean isOwn(IpAddress address) {
        return conditions.ownAddress().filter(address::equals).isPresent();
    }

    long ownIntervalNs() {
        return settings.interval().toNanos();
    }

    long timerNs() {
        return timerNs;
    }

    boolean isTimerDue(long nowNs) {
        return nowNs >= timerNs;
    }

    /** Active_Down_Timer: the whole interval. */
    void startDownTimer(long nowNs) {
        timerNs = nowNs + Timers.activeDownNs(settings.version(), known.intervalNs(), priority());
    }

    /** Active_Down_Timer: the whole interval from now, unless less is left. */
    void shortenDownTimer(long nowNs) {
        long runningNs = timerNs;
        startDownTimer(nowNs);
        timerNs = Math.min(timerNs, runningNs);
    }

    /** Active_Down_Timer: only the skew. */
    void startSkewTimer(long nowNs) {
        timerNs = nowNs + Timers.skewNs(settings.version(), known.intervalNs(), priority());
    }

    /** Active_Down_Timer: it has run out, and others are waited for. */
    void holdDownTimer() {
        timerNs = NEVER;
    }

    /** Active_Down_Timer: what was waited for may have come. */
    void endHoldOfDownTimer(long nowNs) {
        if (timerNs == NEVER) {
            timerNs = nowNs;
        }
    }

    boolean hasDownTimerRunOut(long nowNs) {
        return timerNs == NEVER || isTimerDue(nowNs);
    }

    void mayHaveLeftovers() {
        maybeLeftovers = true;
    }

    void letGoOfLeftovers() {
        if (maybeLeftovers) {
            letGo();
        }
    }

    void letGo() {
        maybeLeftovers = false;
        add(new LetGo());
    }

    /** The next one is due an interval after this one was, so that lateness does not add up; after a longer one it starts anew. */
    void advertise(long nowNs) {
        add(new Send(priority()));
        boolean missedOne = nowNs >= timerNs + ownIntervalNs();
        timerNs = (missedOne || nowNs < timerNs ? nowNs : timerNs) + ownIntervalNs();
    }

    void becomeActive(String why, long nowNs) {
        before = Optional.of(new Before(state, reason, sinceNs, maybeLeftovers));
        maybeLeftovers = false;
        lateness.restart(ownIntervalNs(), nowNs);
        duplicate.forget();
        timerNs = nowNs;
        advertise(nowNs);
        add(new TakeOver());
        transitionTo(State.ACTIVE, why, nowNs);
    }

    void noteSent(boolean sent) {
        unheard = !sent;
    }

    /** Whether the last advertisement that it wanted to send as active has not left. */
    boolean isUnheard() {
        return unheard;
    }

    /** Its first advertisement, or another, has left, or it is active without. */
    void stayActive() {
        before = Optional.empty();
    }

    /**
     * Its first advertisement has not left: whoever is active would go on being it, so it is what it was before, and tries again after an
     * interval. Nothing happens for a later advertisement.
     */
    void unheardByOthers(long nowNs) {
        if (before.isEmpty()) {
            return;
        }
        Before was = before.get();
        before = Optional.empty();
        state = was.state();
        reason = "its advertisement could not be sent, so it is not active";
        sinceNs = was.sinceNs();
        maybeLeftovers = was.maybeLeftovers();
        add(new Notice(Notice.Kind.CANNOT_SEND, reason));
        if (state != State.BACKUP) {
            transitionTo(State.BACKUP, reason, nowNs);
        }
        timerNs = nowNs + ownIntervalNs();
    }

    /** As one that knows nobody yet. */
    void becomeBackup(String why, long nowNs) {
        known.forget(ownIntervalNs());
        startDownTimer(nowNs);
        transitionTo(State.BACKUP, why, nowNs);
    }

    /** As one that has heard this. */
    void becomeBackupOf(Advertisement heard, IpAddress source, String why, long nowNs) {
        letGo();
        known.follow(heard, source);
        startDownTimer(nowNs);
        transitionTo(State.BACKUP, why, nowNs);
    }

    /** Without a word on the wire: whoever has taken over is not to be disturbed. */
    void stepDown(long nowNs) {
        String why = lateness.text(nowNs);
        letGo();
        add(new Notice(Notice.Kind.LATE, why));
        becomeBackup(why, nowNs);
    }

    void becomeFaulty(String why, long nowNs) {
        leave();
        transitionTo(State.FAULT, why, nowNs);
    }

    /** Another fault than before is no other state. */
    void stayFaulty(String why) {
        reason = why;
    }

    void becomeStopped(long nowNs) {
        leave();
        transitionTo(State.INITIALIZE, "stopped", nowNs);
    }

    void handOver(String why, long nowNs) {
        leave();
        becomeBackup(why, nowNs);
    }

    /** Priority 0, so that a backup need not wait for silence, and the addresses go. */
    private void leave() {
        boolean active = state == State.ACTIVE;
        if (active && conditions.ownAddress().isPresent()) {
            add(new Send(0));
        }
        if (active || maybeLeftovers) {
            letGo();
        }
    }

    private void transitionTo(State next, String why, long nowNs) {
        add(new Tell(new Transition(settings.name(), state, next, why, nowNs)));
        state = next;
        reason = why;
        sinceNs = nowNs;
    }

    RouterView view() {
        boolean active = state == State.ACTIVE;
        boolean backup = state == State.BACKUP;
        return new RouterView(
                settings.name(),
                state,
                sinceNs,
                reason,
                priority(),
                active ? conditions.ownAddress() : backup ? known.address() : Optional.empty(),
                active ? priority() : backup ? known.priority() : 0,
                backup ? Duration.ofNanos(known.intervalNs()) : settings.interval());
    }
}
