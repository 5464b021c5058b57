package io.penstock.ecmp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.netlink.NextHop.Resilience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code group} of a route: a word, or a mapping with its {@code type}. */
final class GroupReader {
    private static final Map<String, Boolean> TYPES = Map.of("resilient", true, "multipath", false);
    private static final int MAX_BUCKETS = 65_535;
    private static final Duration MAX_TIMER = Duration.ofDays(10);

    /** In which the kernel counts them (USER_HZ). */
    private static final int TICK_MS = 10;

    private GroupReader() {}

    /** Empty for legacy multipath. */
    static Optional<Resilience> read(ConfigSection route) {
        Optional<ConfigValue> group = route.optional("group");
        if (group.isEmpty()) {
            return Optional.of(RouteConfig.DEFAULT_RESILIENCE);
        }
        if (group.get().isMapping()) {
            return group.get().section(GroupReader::longForm).orElseThrow();
        }
        return group.get().oneOf(TYPES).orElse(true) ? Optional.of(RouteConfig.DEFAULT_RESILIENCE) : Optional.empty();
    }

    private static Optional<Resilience> longForm(ConfigSection group) {
        Resilience usual = RouteConfig.DEFAULT_RESILIENCE;
        boolean resilient = group.oneOf("type", TYPES, true);
        int buckets = group.integer("buckets", usual.buckets(), 1, MAX_BUCKETS);
        Duration idleTimer = timer(group, "idle-timer", usual.idleTimer());
        Duration unbalancedTimer = timer(group, "unbalanced-timer", usual.unbalancedTimer());
        if (!resilient) {
            KeyRules.onlyFor("type: resilient", group, "buckets", "idle-timer", "unbalanced-timer");
            return Optional.empty();
        }
        return Optional.of(new Resilience(buckets, idleTimer, unbalancedTimer));
    }

    private static Duration timer(ConfigSection group, String key, Duration usual) {
        Duration timer = group.duration(key, usual, Duration.ZERO, MAX_TIMER);
        if (timer.toMillis() % TICK_MS != 0) {
            group.problem(key, "must be a multiple of " + TICK_MS + "ms, in which the kernel counts");
        }
        return timer;
    }

    /** The kernel shares buckets out by weight, and a leg whose part is less than one gets none, and no clients. */
    static void checkRoom(ConfigSection route, Resilience group, List<LegConfig> legs) {
        int total = legs.stream().mapToInt(LegConfig::weight).sum();
        int least = legs.stream().mapToInt(LegConfig::weight).min().orElse(1);
        int needed = (total + least - 1) / least;
        if (group.buckets() < needed && route.isSound("group", "legs")) {
            route.problem("group", "needs at least " + needed + " buckets, so that each leg has one by its weight");
        }
    }
}
