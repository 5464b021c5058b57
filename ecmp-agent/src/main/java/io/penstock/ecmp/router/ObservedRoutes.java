package io.penstock.ecmp.router;

import io.penstock.netlink.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The routes of one observation: the agent's own, by their protocol number, and everyone else's. */
final class ObservedRoutes {
    private final Map<RouteKey, List<Route>> own = new LinkedHashMap<>();
    private final Map<RouteKey, Route> foreign = new HashMap<>();
    private final Set<Integer> ownIds = new HashSet<>();
    private final Map<Integer, Route> foreignIds = new HashMap<>();

    ObservedRoutes(List<Route> routes, int protocol) {
        for (Route route : routes) {
            RouteKey key = RouteKey.of(route);
            if (route.protocol() == protocol) {
                own.computeIfAbsent(key, none -> new ArrayList<>(1)).add(route);
                ownIds.add(route.nextHopId());
            } else {
                foreign.putIfAbsent(key, route);
                foreignIds.putIfAbsent(route.nextHopId(), route);
            }
        }
    }

    /** The agent's own of this key; of several, which only someone else can have made, one that is as it should be. */
    Optional<Route> own(RouteKey key, Predicate<Route> asItShouldBe) {
        List<Route> candidates = own.getOrDefault(key, List.of());
        for (Route route : candidates) {
            if (asItShouldBe.test(route)) {
                return Optional.of(route);
            }
        }
        return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.get(0));
    }

    Optional<Route> foreign(RouteKey key) {
        return Optional.ofNullable(foreign.get(key));
    }

    /** Whether one of the agent's own routes leads to this nexthop object. */
    boolean isUsedByOwn(int nextHopId) {
        return ownIds.contains(nextHopId);
    }

    /** Someone else's route that leads to this nexthop object. */
    Optional<Route> foreignUserOf(int nextHopId) {
        return Optional.ofNullable(foreignIds.get(nextHopId));
    }

    List<Route> allOwn() {
        List<Route> all = new ArrayList<>();
        own.values().forEach(all::addAll);
        return all;
    }
}
