package io.penstock.vrrp.control;

import io.penstock.vrrp.address.VipEvent;
import io.penstock.vrrp.address.VipKeeper;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.protocol.Action;
import io.penstock.vrrp.protocol.Action.AnnounceAgain;
import io.penstock.vrrp.protocol.Action.LetGo;
import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.Action.Send;
import io.penstock.vrrp.protocol.Action.TakeOver;
import io.penstock.vrrp.protocol.Action.Tell;
import io.penstock.vrrp.protocol.Advertisement;
import io.penstock.vrrp.protocol.Conditions;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.SyncGroup.Follow;
import io.penstock.vrrp.protocol.Transition;
import io.penstock.vrrp.wire.Packet;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * All virtual routers of this host: what happens is told to their state machines, and what these want is done, in their order. Of the
 * agent's thread.
 */
final class Routers {
    private final Map<String, RouterInstance> routers = new LinkedHashMap<>();
    private final SyncGroups groups = new SyncGroups();
    private final Queue<VipEvent> happened = new ArrayDeque<>();
    private final VipKeeper keeper;
    private final Report report;
    private final AgentFigures figures;
    private boolean changed;

    Routers(VipKeeper keeper, Report report, AgentFigures figures) {
        this.keeper = keeper;
        this.report = report;
        this.figures = figures;
    }

    Collection<RouterInstance> all() {
        return routers.values();
    }

    Optional<RouterInstance> find(String name) {
        return Optional.ofNullable(routers.get(name));
    }

    SyncGroups groups() {
        return groups;
    }

    /** Replaces them, in the order of the configuration; those that are new are not started yet. */
    void replace(Collection<RouterInstance> all) {
        routers.clear();
        all.forEach(router -> routers.put(router.name(), router));
    }

    void start(RouterInstance router, long nowNs) {
        perform(router, router.machine().start(router.conditions(), nowNs), nowNs);
    }

    void stop(RouterInstance router, long nowNs) {
        perform(router, router.machine().stop(nowNs), nowNs);
    }

    void stopAll(long nowNs) {
        routers.keySet().forEach(groups::forget);
        Map<RouterInstance, List<Action>> all = new LinkedHashMap<>();
        routers.values().forEach(router -> all.put(router, router.machine().stop(nowNs)));
        performTogether(all, nowNs);
    }

    void configure(RouterInstance router, RouterConfig config, long nowNs) {
        boolean otherVips = !router.config().vips().equals(config.vips());
        router.configure(config);
        perform(router, router.machine().reconfigure(RouterInstance.settings(config), nowNs), nowNs);
        if (otherVips && router.state() == State.ACTIVE) {
            // Also for those that are not in advertisements, of which the state machine knows nothing.
            perform(router, List.of(new TakeOver()), nowNs);
        }
    }

    void onPacket(RouterInstance router, Packet packet, long nowNs) {
        Optional<Advertisement> heard = router.admission().admit(packet);
        if (heard.isPresent()) {
            perform(router, router.machine().onAdvertisement(heard.get(), packet.source, nowNs), nowNs);
        }
    }

    void onConditions(RouterInstance router, Conditions conditions, long nowNs) {
        if (conditions.equals(router.conditions())) {
            return;
        }
        changed = true;
        router.conditions(conditions);
        perform(router, router.machine().onConditions(conditions, nowNs), nowNs);
        // A fault may have come to one that had another, or gone from one that has another's.
        follow(groups.onChange(router, nowNs), nowNs);
    }

    void follow(List<Follow> others, long nowNs) {
        for (Follow other : others) {
            RouterInstance router = routers.get(other.router());
            perform(router, router.machine().follow(other.state(), other.reason(), nowNs), nowNs);
        }
    }

    /** When the next deadline of any router or VIP is; Long.MAX_VALUE for never. */
    long deadlineNs() {
        long nextNs = keeper.deadlineNs();
        for (RouterInstance router : routers.values()) {
            nextNs = Math.min(nextNs, router.machine().deadlineNs());
        }
        return nextNs;
    }

    /** First who is active: an advertisement does not wait until the kernel has the VIPs of another router. */
    void onDeadlines(long nowNs) {
        onDeadlines(State.ACTIVE, nowNs);
        onDeadlines(State.BACKUP, nowNs);
        if (keeper.deadlineNs() <= nowNs) {
            happened.addAll(keeper.onDeadline(nowNs));
        }
    }

    private void onDeadlines(State state, long nowNs) {
        Map<RouterInstance, List<Action>> all = new LinkedHashMap<>();
        for (RouterInstance router : routers.values()) {
            long dueNs = router.machine().deadlineNs();
            if (router.state() == state && dueNs <= nowNs) {
                figures.served(nowNs - dueNs);
                all.put(router, groups.onDeadline(router, nowNs));
            }
        }
        performTogether(all, nowNs);
    }

    /** The kernel may have changed something about VIPs. */
    void look(long nowNs) {
        happened.addAll(keeper.look(nowNs));
    }

    /** What happened to VIPs that nobody ordered, until {@link #nextVipEvent} has given it out. */
    void add(List<VipEvent> events) {
        happened.addAll(events);
    }

    /** Or null. */
    VipEvent nextVipEvent() {
        return happened.poll();
    }

    /** Whether anything was done since this was asked before that a status should show at once. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    void touch() {
        changed = true;
    }

    /** What was wrong with VIPs is forgotten: somebody has looked after it, or else it is found again. */
    void clearVipTroubles() {
        routers.values().forEach(router -> router.vipTrouble(VipTrouble.NONE));
    }

    /** What follows for routers of groups that were not of the same ones before. */
    void settleGroups(long nowNs) {
        for (RouterInstance router : routers.values()) {
            router.machine().askGroupAgain(nowNs);
            follow(groups.onChange(router, nowNs), nowNs);
        }
    }

    /** The last one's advertisement does not wait until the kernel and the neighbours know of the first one's VIPs. */
    private void performTogether(Map<RouterInstance, List<Action>> all, long nowNs) {
        all.forEach((router, actions) -> advertise(router, actions, nowNs));
        all.keySet().forEach(router -> performLeft(router, nowNs));
    }

    /** An advertisement leaves before the kernel and the neighbours are told, as every millisecond counts for it alone. */
    void perform(RouterInstance router, List<Action> actions, long nowNs) {
        advertise(router, actions, nowNs);
        performLeft(router, nowNs);
    }

    /** Sends all there is to be sent; the rest is left to be done, after what is left of before. */
    private static void advertise(RouterInstance router, List<Action> actions, long nowNs) {
        Queue<Action> left = router.left();
        for (Action action : actions) {
            if (action instanceof Send send) {
                List<Action> instead = router.machine().onSent(router.send(send.priority()), nowNs);
                if (!instead.isEmpty()) {
                    left.addAll(instead);
                    return;
                }
            } else {
                left.add(action);
            }
        }
    }

    /**
     * In the order in which it was decided, also when a group has another of its routers call for more of the same one meanwhile. One that
     * was called back before its turn came takes nothing over.
     */
    private void performLeft(RouterInstance router, long nowNs) {
        Queue<Action> left = router.left();
        for (Action action = left.poll(); action != null; action = left.poll()) {
            if (action instanceof TakeOver) {
                takeOver(router, nowNs);
            } else if (action instanceof AnnounceAgain) {
                keeper.announce(router.name(), nowNs);
            } else if (action instanceof LetGo) {
                happened.addAll(keeper.release(router.name(), nowNs));
            } else if (action instanceof Notice notice) {
                onNotice(router, notice, nowNs);
            } else if (action instanceof Tell tell) {
                onTransition(router, tell.transition(), nowNs);
            }
        }
    }

    private void takeOver(RouterInstance router, long nowNs) {
        if (router.state() == State.ACTIVE) {
            happened.addAll(keeper.hold(router.name(), nowNs));
        }
    }

    private void onTransition(RouterInstance router, Transition moved, long nowNs) {
        changed = true;
        if (moved.to() == State.ACTIVE) {
            router.counters().increment(RouterCounter.BECAME_ACTIVE);
        }
        report.transition(moved, router.conditions().priority());
        for (Follow other : groups.onTransition(moved)) {
            // It may have moved on, before its turn came or by what came of this: nobody follows it to where it was.
            if (router.state() == moved.to()) {
                follow(List.of(other), nowNs);
            }
        }
    }

    private void onNotice(RouterInstance router, Notice notice, long nowNs) {
        switch (notice.kind()) {
            case CONFIGURATION_DIFFERS -> router.counters().increment(RouterCounter.DIFFERENCES);
            case DUPLICATE_ACTIVE, SEVERAL_OWNERS -> router.counters().increment(RouterCounter.DUPLICATE_ACTIVES);
            case LATE -> router.counters().increment(RouterCounter.LATE);
            case CANNOT_SEND -> {
                changed = true;
                // One of its group that has become active with it is to stop.
                Transition back = new Transition(router.name(), State.ACTIVE, State.BACKUP, notice.text(), nowNs);
                follow(groups.onTransition(back), nowNs);
            }
        }
        report.notice(router.name(), notice, nowNs);
    }
}
