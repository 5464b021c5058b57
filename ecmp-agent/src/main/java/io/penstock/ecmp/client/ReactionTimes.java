package io.penstock.ecmp.client;

import io.penstock.cli.Words;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.serving.ForwarderQuestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How long a failure may go unnoticed with the intervals, timeouts and leases of a configuration; for people. */
final class ReactionTimes {
    private ReactionTimes() {}

    static List<String> lines(EcmpConfig config) {
        List<String> lines = new ArrayList<>();
        config.vips().values().forEach(vip -> lines.add(vip(vip)));
        config.routes().values().forEach(route -> lines.add(route(route)));
        return lines;
    }

    private static String vip(VipConfig vip) {
        return "vip " + vip.name() + ": goes " + health(vip.health()) + ", and about " + Words.duration(vip.lease())
                + " after the agent was killed or frozen";
    }

    private static String health(VipHealth health) {
        if (health instanceof VipHealth.Forwarder asked) {
            ForwarderQuestion question = asked.question();
            return "at most " + Words.duration(worst(question.interval(), question.timeout(), question.fall()))
                    + " after its forwarder has failed";
        }
        return health instanceof VipHealth.Checks own
                ? "at most " + Words.duration(worst(own.plan())) + " after its checks begin to fail"
                : "never for its health";
    }

    private static String route(RouteConfig route) {
        List<LegConfig> unchecked =
                route.legs().stream().filter(leg -> leg.check().isEmpty()).toList();
        String checked = route.legs().stream()
                .flatMap(leg -> leg.check().stream())
                .map(check -> worst(check.plan()))
                .max(Comparator.naturalOrder())
                .map(worst -> "a leg goes at most " + Words.duration(worst) + " after its checks begin to fail")
                .orElse("a leg goes when its link does");
        return "route " + route.name() + ": " + checked
                + (unchecked.isEmpty() || unchecked.size() == route.legs().size()
                        ? ""
                        : "; by its link alone: "
                                + String.join(
                                        ", ",
                                        unchecked.stream().map(LegConfig::id).toList()));
    }

    private static Duration worst(HealthPlan plan) {
        return plan.checks().stream()
                .map(ReactionTimes::worst)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** It fails right after a check; then the timeout of each counts, but one that is in doubt is checked faster. */
    private static Duration worst(HealthCheck check) {
        Duration fast = check.schedule().fastInterval();
        Duration first = check.schedule().interval();
        return first.plus(fast.multipliedBy(check.fall() - 1L))
                .plus(check.schedule().timeout());
    }

    /** Asked one after the other: no question begins before the one before is answered or given up. */
    private static Duration worst(Duration interval, Duration timeout, int fall) {
        Duration turn = interval.compareTo(timeout) > 0 ? interval : timeout;
        return interval.plus(turn.multipliedBy(fall - 1L)).plus(timeout);
    }
}
