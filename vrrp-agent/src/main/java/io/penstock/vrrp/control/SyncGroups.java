package io.penstock.vrrp.control;

import io.penstock.vrrp.config.GroupConfig;
import io.penstock.vrrp.operate.GroupStatus;
import io.penstock.vrrp.protocol.Action;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.SyncGroup;
import io.penstock.vrrp.protocol.Transition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which router moves with which others. Of the agent's thread. */
final class SyncGroups {
    private final Map<String, SyncGroup> byRouter = new HashMap<>();
    private final Map<String, GroupConfig> configs = new LinkedHashMap<>();
    private final Map<String, State> told = new HashMap<>();
    private Map<String, RouterInstance> routers = Map.of();

    /** What is grouped from now on. */
    void configure(Collection<GroupConfig> groups, Collection<RouterInstance> all) {
        routers = new HashMap<>();
        all.forEach(router -> routers.put(router.name(), router));
        byRouter.clear();
        configs.clear();
        for (GroupConfig group : groups) {
            configs.put(group.name(), group);
            SyncGroup together = new SyncGroup(
                    group.name(),
                    group.routers().stream()
                            .map(name -> routers.get(name).machine())
                            .toList());
            group.routers().forEach(name -> byRouter.put(name, together));
        }
    }

    /** Nothing follows for its group from what becomes of it now. */
    void forget(String router) {
        byRouter.remove(router);
    }

    /** What a router does at its deadline. */
    List<Action> onDeadline(RouterInstance router, long nowNs) {
        SyncGroup group = byRouter.get(router.name());
        return group == null ? router.machine().onDeadline(nowNs) : group.onDeadline(router.machine(), nowNs);
    }

    /** What others are to do now that one has moved. */
    List<SyncGroup.Follow> onTransition(Transition moved) {
        SyncGroup group = byRouter.get(moved.router());
        return group == null ? List.of() : group.onTransition(moved);
    }

    /** The same after something else about one of them has changed, such as its fault or its group. */
    List<SyncGroup.Follow> onChange(RouterInstance router, long nowNs) {
        return onTransition(new Transition(router.name(), router.state(), router.state(), "", nowNs));
    }

    /** All that an order to this group, or to any router of a group, is for; empty when there is none of this name. */
    List<RouterInstance> members(String name) {
        GroupConfig group = configs.get(name);
        if (group == null && byRouter.containsKey(name)) {
            group = configs.get(byRouter.get(name).name());
        }
        if (group != null) {
            return group.routers().stream().map(routers::get).toList();
        }
        return Optional.ofNullable(routers.get(name)).stream().toList();
    }

    /** Tells of groups that are in another state than when this was asked before; one that is not there is not started. */
    void report(Report report) {
        Map<String, State> before = new LinkedHashMap<>(told);
        told.clear();
        for (GroupConfig group : configs.values()) {
            told.put(group.name(), state(group));
            report(group.name(), before.remove(group.name()), told.get(group.name()), report);
        }
        before.forEach((name, state) -> report(name, state, State.INITIALIZE, report));
    }

    private static void report(String group, State before, State now, Report report) {
        State from = before == null ? State.INITIALIZE : before;
        if (from != now) {
            report.group(group, from, now);
        }
    }

    List<GroupStatus> status() {
        List<GroupStatus> status = new ArrayList<>();
        configs.values().forEach(group -> status.add(new GroupStatus(group.name(), state(group), group.routers())));
        return status;
    }

    /** That of all; while they differ for a moment, the one that keeps the group from being active. */
    private State state(GroupConfig group) {
        return group.routers().stream()
                .map(name -> routers.get(name).state())
                .collect(Collectors.minBy(Enum::compareTo))
                .orElse(State.INITIALIZE);
    }
}
