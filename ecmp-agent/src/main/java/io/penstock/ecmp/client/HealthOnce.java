package io.penstock.ecmp.client;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.ecmp.health.HealthWatches;
import io.penstock.ecmp.health.LegBoard;
import io.penstock.ecmp.health.VerdictBoard;
import io.penstock.ecmp.router.RouterRole;
import io.penstock.health.HealthPlan;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Asks and probes as a running agent does, until everything has been judged once.
 *
 * @param vips by name
 * @param legs by {@link RouterRole#legKey}
 */
record HealthOnce(Map<String, VipVerdict> vips, Map<String, Boolean> legs) {
    /** For threads to start and answers to arrive, beyond what the configuration gives them. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** @param nowNs the clock of the verdicts */
    static HealthOnce ask(EcmpConfig config, LongSupplier nowNs) throws InterruptedException {
        Semaphore news = new Semaphore(0);
        VerdictBoard vips = new VerdictBoard(news::release);
        LegBoard legs = new LegBoard(news::release);
        Set<String> vipsAsked = new HashSet<>();
        Set<String> legsAsked = new HashSet<>();
        Duration limit = Duration.ZERO;
        for (VipConfig vip : config.vips().values()) {
            if (!(vip.health() instanceof VipHealth.None)) {
                vipsAsked.add(vip.name());
                limit = longer(limit, time(vip.health()));
            }
        }
        for (RouteConfig route : config.routes().values()) {
            for (LegConfig leg : route.legs()) {
                if (leg.check().isPresent()) {
                    legsAsked.add(RouterRole.legKey(route.name(), leg.id()));
                    limit = longer(limit, time(leg.check().get().plan()));
                }
            }
        }
        try (HealthWatches watches = new HealthWatches(vips, legs, nowNs)) {
            watches.watch(config);
            long deadlineNs = System.nanoTime() + limit.plus(SLACK).toNanos();
            long leftNs = deadlineNs - System.nanoTime();
            while (leftNs > 0
                    && !(isJudged(vips, vipsAsked) && legs.up().keySet().containsAll(legsAsked))) {
                boolean unused = news.tryAcquire(leftNs, TimeUnit.NANOSECONDS);
                leftNs = deadlineNs - System.nanoTime();
            }
            return new HealthOnce(vips.verdicts(), legs.up());
        }
    }

    /** As if all answers were good, without a question. */
    static HealthOnce assumed(EcmpConfig config, long nowNs) {
        Map<String, VipVerdict> vips = new HashMap<>();
        config.vips().keySet().forEach(name -> vips.put(name, new VipVerdict(Kind.SERVED, nowNs, "assumed")));
        Map<String, Boolean> legs = new HashMap<>();
        config.routes().values().forEach(route -> route.legs()
                .forEach(leg -> legs.put(RouterRole.legKey(route.name(), leg.id()), true)));
        return new HealthOnce(vips, legs);
    }

    private static boolean isJudged(VerdictBoard board, Set<String> asked) {
        Map<String, VipVerdict> verdicts = board.verdicts();
        return asked.stream()
                .allMatch(vip -> verdicts.containsKey(vip) && verdicts.get(vip).kind() != Kind.UNKNOWN);
    }

    private static Duration time(VipHealth health) {
        return health instanceof VipHealth.Forwarder asked
                ? time(asked.question())
                : time(((VipHealth.Checks) health).plan());
    }

    private static Duration time(ForwarderQuestion question) {
        return time(question.interval(), question.timeout(), question.rise(), question.fall());
    }

    private static Duration time(HealthPlan plan) {
        return plan.checks().stream()
                .map(check -> time(check.schedule().interval(), check.schedule().timeout(), check.rise(), check.fall()))
                .reduce(Duration.ZERO, HealthOnce::longer);
    }

    private static Duration time(Duration interval, Duration timeout, int rise, int fall) {
        return interval.plus(longer(interval, timeout).multipliedBy(Math.max(rise, fall)));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
