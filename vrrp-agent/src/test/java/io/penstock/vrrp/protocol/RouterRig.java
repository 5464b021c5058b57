package io.penstock.vrrp.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.Action.Send;
import io.penstock.vrrp.protocol.Action.Tell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A virtual router at 192.0.2.2 with a clock that is set. What it sends, leaves, unless it is told otherwise. */
final class RouterRig {
    static final long MS = 1_000_000;
    static final IpAddress OWN = IpAddress.parse("192.0.2.2").orElseThrow();
    static final IpAddress LOWER = IpAddress.parse("192.0.2.1").orElseThrow();
    static final IpAddress HIGHER = IpAddress.parse("192.0.2.200").orElseThrow();
    static final List<IpAddress> VIPS = List.of(IpAddress.parse("192.0.2.10").orElseThrow());

    /** Not zero: no rule may depend on where the clock began. */
    private static final long BEGIN_NS = 77_000_000_000L;

    RouterSettings settings =
            new RouterSettings("web", Version.V3, 51, Duration.ofSeconds(1), true, Duration.ZERO, true, VIPS);

    int priority = 100;
    boolean sends = true;
    VirtualRouter router;
    long nowNs = BEGIN_NS;

    RouterRig version(Version version) {
        return with(
                version, settings.interval(), settings.preempt(), settings.preemptDelay(), settings.stepDownWhenLate());
    }

    RouterRig interval(Duration interval) {
        return with(
                settings.version(), interval, settings.preempt(), settings.preemptDelay(), settings.stepDownWhenLate());
    }

    RouterRig noPreempt() {
        return with(
                settings.version(), settings.interval(), false, settings.preemptDelay(), settings.stepDownWhenLate());
    }

    RouterRig preemptDelay(Duration delay) {
        return with(settings.version(), settings.interval(), true, delay, settings.stepDownWhenLate());
    }

    RouterRig continueWhenLate() {
        return with(settings.version(), settings.interval(), settings.preempt(), settings.preemptDelay(), false);
    }

    private RouterRig with(Version version, Duration interval, boolean preempt, Duration delay, boolean stepDown) {
        settings = new RouterSettings("web", version, 51, interval, preempt, delay, stepDown, VIPS);
        return this;
    }

    RouterRig priority(int value) {
        priority = value;
        return this;
    }

    List<Action> start() {
        router = new VirtualRouter(settings);
        return done(router.start(healthy(), nowNs));
    }

    /** Started, and now in this state. */
    RouterRig in(State state) {
        router = new VirtualRouter(settings);
        if (state != State.INITIALIZE) {
            done(router.start(state == State.FAULT ? faulty() : healthy(), nowNs));
        }
        if (state == State.ACTIVE && router.state() == State.BACKUP) {
            silence();
        }
        assertEquals(state, router.state());
        return this;
    }

    Conditions healthy() {
        return new Conditions(priority, Optional.empty(), Optional.of(OWN));
    }

    Conditions faulty() {
        return new Conditions(priority, Optional.of("eth0 is down"), Optional.of(OWN));
    }

    Advertisement advertisement(int priority) {
        return new Advertisement(settings.version(), 51, priority, settings.interval(), VIPS);
    }

    List<Action> hear(int priority, IpAddress source) {
        return hear(advertisement(priority), source);
    }

    List<Action> hear(Advertisement advertisement, IpAddress source) {
        return done(router.onAdvertisement(advertisement, source, nowNs));
    }

    List<Action> conditions(Conditions conditions) {
        return done(router.onConditions(conditions, nowNs));
    }

    /** Nothing is heard until its next deadline, which comes to the nanosecond. */
    List<Action> silence() {
        nowNs = router.deadlineNs();
        return deadline();
    }

    List<Action> deadline() {
        return done(router.onDeadline(nowNs));
    }

    RouterRig after(long ms) {
        nowNs += ms * MS;
        return this;
    }

    /** How long it still waits. */
    long waitsNs() {
        return router.deadlineNs() - nowNs;
    }

    /** What was done. */
    List<Action> done(List<Action> actions) {
        List<Action> all = new ArrayList<>();
        for (Action action : actions) {
            all.add(action);
            List<Action> instead = action instanceof Send ? router.onSent(sends, nowNs) : List.of();
            if (!instead.isEmpty()) {
                all.addAll(instead);
                break;
            }
        }
        return all;
    }

    /** By kind, for comparisons: {@code Send 100}, {@code LetGo}, {@code Tell backup}, {@code Notice LATE}. */
    static List<String> words(List<Action> actions) {
        List<String> words = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Send send) {
                words.add("Send " + send.priority());
            } else if (action instanceof Tell tell) {
                words.add("Tell " + tell.transition().to().label());
            } else if (action instanceof Notice notice) {
                words.add("Notice " + notice.kind());
            } else {
                words.add(action.getClass().getSimpleName());
            }
        }
        return words;
    }

    static void assertActions(List<Action> actions, String... expected) {
        assertEquals(List.of(expected), words(actions), actions::toString);
    }
}
