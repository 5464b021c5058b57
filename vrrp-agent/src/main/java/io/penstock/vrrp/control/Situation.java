package io.penstock.vrrp.control;

import io.penstock.vrrp.address.VipEvent;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.control.VipTrouble.Surroundings;
import io.penstock.vrrp.protocol.Conditions;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.SyncGroup.Follow;
import io.penstock.vrrp.track.PriorityRule;
import io.penstock.vrrp.track.TrackBoard;
import io.penstock.vrrp.track.Verdict;
import java.util.List;
import java.util.Optional;

/** What routers depend on, judged again whenever something of it has changed. Of the agent's thread. */
final class Situation {
    private final Interfaces interfaces = new Interfaces();
    private final TrackBoard board;
    private final Listeners listeners;
    private final Routers routers;
    private final Report report;
    private final int mark;
    private long changesAtNs = Long.MAX_VALUE;

    /** @param mark of the agent's own addresses */
    Situation(TrackBoard board, Listeners listeners, Routers routers, Report report, int mark) {
        this.board = board;
        this.listeners = listeners;
        this.routers = routers;
        this.report = report;
        this.mark = mark;
    }

    Interfaces interfaces() {
        return interfaces;
    }

    /** A router that is not started yet. */
    RouterInstance instance(RouterConfig config, long nowNs) {
        Verdict verdict = verdict(config, nowNs);
        Listener listener = listeners.of(config);
        listeners.adjust(interfaces, nowNs);
        Conditions conditions = Circumstances.of(config, interfaces, mark, verdict, listener.problem());
        return new RouterInstance(config, listener, verdict, conditions);
    }

    /** Opens sockets where they can be, and has every router know what it depends on now. */
    void judge(long nowNs) {
        listeners.adjust(interfaces, nowNs);
        changesAtNs = Long.MAX_VALUE;
        for (RouterInstance router : routers.all()) {
            judge(router, nowNs);
            changesAtNs = Math.min(changesAtNs, PriorityRule.changesAtNs(router.config(), board, nowNs));
        }
    }

    /** When watches that say nothing change what follows from them; {@link Long#MAX_VALUE} for never. */
    long changesAtNs() {
        return changesAtNs;
    }

    private void judge(RouterInstance router, long nowNs) {
        RouterConfig config = router.config();
        Verdict verdict = verdict(config, nowNs);
        if (!verdict.equals(router.verdict())) {
            report.verdict(router.name(), router.verdict(), verdict);
            router.verdict(verdict);
            routers.touch();
        }
        router.vipTrouble(router.vipTrouble().amid(surroundings(router)));
        Optional<String> other =
                router.listener().problem().or(() -> router.vipTrouble().fault());
        routers.onConditions(router, Circumstances.of(config, interfaces, mark, verdict, other), nowNs);
    }

    private Verdict verdict(RouterConfig config, long nowNs) {
        return PriorityRule.decide(config, board, interfaces::hasCarrier, nowNs);
    }

    private Surroundings surroundings(RouterInstance router) {
        return Surroundings.of(router.config(), interfaces, mark);
    }

    /** What follows from what happened to VIPs. */
    void settle(long nowNs) {
        for (VipEvent event = routers.nextVipEvent(); event != null; event = routers.nextVipEvent()) {
            report.vip(event);
            routers.touch();
            Optional<RouterInstance> router = routers.find(event.router());
            if (router.isPresent()) {
                onVipEvent(router.get(), event, nowNs);
            }
        }
    }

    private void onVipEvent(RouterInstance router, VipEvent event, long nowNs) {
        switch (event.kind()) {
            case RESTORED, ADOPTED, FOREIGN -> {}
            case REMOVED -> {
                router.vipTrouble(VipTrouble.removed(event.text()));
                judge(router, nowNs);
            }
            case REFUSED -> {
                router.vipTrouble(VipTrouble.refused(event.text(), surroundings(router)));
                judge(router, nowNs);
            }
            case LAPSED -> onLapsed(router, event, nowNs);
        }
    }

    /** As after any other stall, somebody else may be active by now; one that is in time nevertheless says that it stops. */
    private void onLapsed(RouterInstance router, VipEvent event, long nowNs) {
        routers.perform(router, router.machine().onDeadline(nowNs), nowNs);
        if (router.state() == State.ACTIVE) {
            routers.follow(List.of(new Follow(router.name(), State.BACKUP, event.text())), nowNs);
        }
    }
}
