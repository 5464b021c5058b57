package io.penstock.vrrp.control;

import io.penstock.metrics.Counters;
import io.penstock.net.IpAddress;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.Action;
import io.penstock.vrrp.protocol.Conditions;
import io.penstock.vrrp.protocol.RouterSettings;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.VirtualRouter;
import io.penstock.vrrp.track.Verdict;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** One virtual router: its state machine, and what it sends and hears by. Of the agent's thread. */
final class RouterInstance {
    private final VirtualRouter machine;
    private final Listener listener;
    private final Counters<RouterCounter> counters = new Counters<>(RouterCounter.class);
    private final Queue<Action> left = new ArrayDeque<>();
    private RouterConfig config;
    private Admission admission;
    private Outbox outbox;
    private VipTrouble vipTrouble = VipTrouble.NONE;
    private Verdict verdict;
    private Conditions conditions;

    /**
     * It is not started.
     *
     * @param verdict of its tracks so far
     */
    RouterInstance(RouterConfig config, Listener listener, Verdict verdict, Conditions conditions) {
        this.config = config;
        this.listener = listener;
        this.verdict = verdict;
        this.conditions = conditions;
        machine = new VirtualRouter(settings(config));
        admission = new Admission(config, counters);
        outbox = new Outbox(config);
    }

    /** What the state machine knows of it. */
    static RouterSettings settings(RouterConfig config) {
        return new RouterSettings(
                config.name(),
                config.version(),
                config.vrid(),
                config.interval(),
                config.preempt(),
                config.preemptDelay(),
                config.stepDownWhenLate(),
                Outbox.advertised(config));
    }

    /** Whether it stays the same router, as others see it, when it is configured like this. */
    boolean isStill(RouterConfig other) {
        return config.interfaceName().equals(other.interfaceName())
                && config.vrid() == other.vrid()
                && config.version() == other.version()
                && config.isIpv4() == other.isIpv4()
                && config.virtualMac().equals(other.virtualMac());
    }

    /** The state machine is to be told beside. */
    void configure(RouterConfig other) {
        config = other;
        admission = new Admission(other, counters);
        outbox = new Outbox(other);
        vipTrouble = VipTrouble.NONE;
    }

    /** Whether an advertisement has left this host. */
    boolean send(int priority) {
        Optional<IpAddress> source = conditions.ownAddress();
        boolean sent = source.isPresent()
                && listener.socket().isPresent()
                && outbox.send(listener.socket().get(), priority, source.get()) >= 0;
        counters.increment(sent ? RouterCounter.SENT : RouterCounter.SEND_FAILURES);
        if (sent && priority == 0) {
            counters.increment(RouterCounter.PRIORITY_ZERO_SENT);
        }
        return sent;
    }

    String name() {
        return config.name();
    }

    RouterConfig config() {
        return config;
    }

    VirtualRouter machine() {
        return machine;
    }

    State state() {
        return machine.state();
    }

    /** What its state machine has wanted done and is not done yet, in this order. */
    Queue<Action> left() {
        return left;
    }

    Listener listener() {
        return listener;
    }

    Counters<RouterCounter> counters() {
        return counters;
    }

    Admission admission() {
        return admission;
    }

    VipTrouble vipTrouble() {
        return vipTrouble;
    }

    void vipTrouble(VipTrouble trouble) {
        vipTrouble = trouble;
    }

    Verdict verdict() {
        return verdict;
    }

    void verdict(Verdict latest) {
        verdict = latest;
    }

    Conditions conditions() {
        return conditions;
    }

    void conditions(Conditions latest) {
        conditions = latest;
    }

    /** @param announcements of its VIPs that have left so far */
    RouterStatus status(List<VipView> vips, long announcements) {
        Map<RouterCounter, Long> counted = new EnumMap<>(Counters.sum(RouterCounter.class, List.of(counters)));
        counted.put(RouterCounter.ANNOUNCEMENTS, announcements);
        return new RouterStatus(config, machine.view(), vips, verdict.views(), counted);
    }
}
