package io.penstock.ecmp.router;

import io.penstock.ecmp.config.LegConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.ecmp.router.DesiredRoute.Form;
import io.penstock.ecmp.router.RouterStep.Transition;
import io.penstock.netlink.NextHop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One configured route: which of its legs are usable, what it should be therefore, and what has become of it. */
final class RouteTracker {
    private final RouteConfig config;
    private final List<LegTracker> legs = new ArrayList<>();
    private RouteState state = RouteState.UNDECIDED;
    private String reason = "nothing is known yet";
    private long sinceNs;
    private boolean withdrawn;
    private int group;

    /** @param before the route of this name until now: legs that are the same go on as they are */
    RouteTracker(RouteConfig config, Optional<RouteTracker> before, long nowNs) {
        this.config = config;
        this.sinceNs = nowNs;
        before.ifPresent(same -> {
            state = same.state;
            reason = same.reason;
            sinceNs = same.sinceNs;
            withdrawn = same.withdrawn;
            group = same.group;
        });
        for (LegConfig leg : config.legs()) {
            legs.add(before.flatMap(same -> same.leg(leg)).orElseGet(() -> new LegTracker(config.name(), leg, nowNs)));
        }
    }

    private Optional<LegTracker> leg(LegConfig same) {
        return legs.stream().filter(leg -> leg.config().equals(same)).findFirst();
    }

    RouteConfig config() {
        return config;
    }

    RouteKey key() {
        return RouteKey.of(config.prefix(), config.table(), config.metric());
    }

    void withdraw(boolean now) {
        withdrawn = now;
    }

    /** Takes in what has happened to the legs. */
    void observe(
            LinkTable links, Map<String, Boolean> legUp, Refusals refusals, long nowNs, List<Transition> transitions) {
        for (LegTracker leg : legs) {
            LegState before = leg.state();
            leg.observe(links, Optional.ofNullable(legUp.get(leg.key())), refusals, nowNs);
            if (leg.state() != before) {
                transitions.add(
                        new Transition(leg.key(), before.word(), leg.state().word(), leg.reason()));
            }
        }
    }

    /**
     * @param isPresent whether the route as it is now leads there: a leg that nothing is known of stays where it was found
     * @param isDue whether a leg that was refused is to be tried again
     */
    DesiredRoute decide(Predicate<NextHop.Leg> isPresent, Predicate<NextHop.Leg> isDue) {
        List<LegTracker> chosen = withdrawn ? List.of() : choose(isPresent);
        for (LegTracker leg : legs) {
            leg.use(chosen.contains(leg));
        }
        if (withdrawn) {
            return desired(Form.NONE, List.of(), List.of());
        }
        List<NextHop.Leg> trials = legs.stream()
                .filter(leg -> leg.state() == LegState.REFUSED)
                .map(leg -> leg.desired().nextHop())
                .filter(isDue)
                .toList();
        return desired(
                chosen.isEmpty() ? formWithoutLegs() : Form.LEGS,
                chosen.stream().map(LegTracker::desired).toList(),
                trials);
    }

    private List<LegTracker> choose(Predicate<NextHop.Leg> isPresent) {
        List<LegTracker> usable = legs.stream()
                .filter(leg -> leg.state() == LegState.UP
                        || (leg.state() == LegState.UNKNOWN
                                && isPresent.test(leg.desired().nextHop())))
                .toList();
        if (!usable.isEmpty() || isUndecided() || config.whenEmpty() != RouteConfig.WhenEmpty.KEEP) {
            return usable;
        }
        return legs.stream().filter(leg -> leg.state() == LegState.UNHEALTHY).toList();
    }

    private boolean isUndecided() {
        return legs.stream().anyMatch(leg -> leg.state() == LegState.UNKNOWN);
    }

    private Form formWithoutLegs() {
        if (isUndecided()) {
            return Form.UNDECIDED;
        }
        return config.whenEmpty() == RouteConfig.WhenEmpty.WITHDRAW ? Form.NONE : Form.UNREACHABLE;
    }

    private DesiredRoute desired(Form form, List<DesiredRoute.Leg> desiredLegs, List<NextHop.Leg> trials) {
        return new DesiredRoute(
                config.name(),
                config.prefix(),
                config.table(),
                config.metric(),
                config.resilience(),
                form,
                desiredLegs,
                trials);
    }

    /** Takes in what came of it. */
    void settle(
            DesiredRoute desired, RouterPlan plan, Optional<String> refusal, long nowNs, List<Transition> transitions) {
        RouteState before = state;
        group = plan.groups().getOrDefault(config.name(), 0);
        String conflict = plan.conflicts().get(config.name());
        if (conflict != null) {
            transitionTo(RouteState.CONFLICT, conflict, nowNs);
        } else if (refusal.isPresent()) {
            transitionTo(RouteState.REFUSED, refusal.get(), nowNs);
        } else {
            switch (desired.form()) {
                case LEGS -> enterRouted(desired, nowNs);
                case UNREACHABLE -> transitionTo(RouteState.UNREACHABLE, "no leg is usable", nowNs);
                case NONE ->
                    transitionTo(
                            withdrawn ? RouteState.WITHDRAWN : RouteState.EMPTY,
                            withdrawn ? "an operator said so" : "no leg is usable",
                            nowNs);
                case UNDECIDED -> transitionTo(RouteState.UNDECIDED, "no check has said anything yet", nowNs);
            }
        }
        if (state != before) {
            transitions.add(new Transition(config.name(), before.word(), state.word(), reason));
        }
    }

    private void enterRouted(DesiredRoute desired, long nowNs) {
        boolean healthy = legs.stream().anyMatch(leg -> leg.isUsed() && leg.state() != LegState.UNHEALTHY);
        String count = desired.legs().size() + " of " + legs.size() + " legs";
        transitionTo(
                healthy ? RouteState.ROUTED : RouteState.KEPT,
                healthy ? count : count + ", though their checks fail",
                nowNs);
    }

    private void transitionTo(RouteState next, String why, long nowNs) {
        if (next != state) {
            state = next;
            sinceNs = nowNs;
        }
        reason = why;
    }

    RouteView view() {
        return new RouteView(
                config.name(),
                config.prefix(),
                config.table(),
                config.metric(),
                config.resilience().isPresent(),
                group,
                state,
                reason,
                sinceNs,
                legs.stream().map(LegTracker::view).toList());
    }
}
