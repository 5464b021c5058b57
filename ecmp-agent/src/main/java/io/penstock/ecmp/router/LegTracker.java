package io.penstock.ecmp.router;

import io.penstock.ecmp.config.LegConfig;
import io.penstock.netlink.Link;
import io.penstock.netlink.NextHop;
import java.util.Optional;

/** One leg of one route: what is known of it, and since when. */
final class LegTracker {
    private final String key;
    private final LegConfig config;
    private LegState state = LegState.UNKNOWN;
    private String reason = "nothing is known yet";
    private long sinceNs;
    private Optional<Link> link = Optional.empty();
    private boolean used;

    LegTracker(String route, LegConfig config, long nowNs) {
        this.key = RouterRole.legKey(route, config.id());
        this.config = config;
        this.sinceNs = nowNs;
    }

    /** See {@link RouterRole#legKey}. */
    String key() {
        return key;
    }

    LegConfig config() {
        return config;
    }

    LegState state() {
        return state;
    }

    String reason() {
        return reason;
    }

    /** Whether there is a link to it that can carry packets. */
    boolean hasLink() {
        return link.filter(there -> there.up() && there.carrier()).isPresent();
    }

    /** The leg as a route has it; only while it {@link #hasLink}. */
    DesiredRoute.Leg desired() {
        return new DesiredRoute.Leg(config.via(), link.orElseThrow().index(), config.weight());
    }

    /** @param healthy empty while no check has said anything */
    void observe(LinkTable links, Optional<Boolean> healthy, Refusals refusals, long nowNs) {
        link = links.leadingTo(config);
        if (!hasLink()) {
            link.ifPresent(there -> refusals.forget(new NextHop.Leg(config.via(), there.index())));
            transitionTo(LegState.NO_LINK, linkTrouble(), nowNs);
            return;
        }
        Optional<String> refusal = refusals.of(desired().nextHop());
        if (refusal.isPresent()) {
            transitionTo(LegState.REFUSED, refusal.get(), nowNs);
        } else if (config.check().isEmpty()) {
            transitionTo(LegState.UP, "its link is up", nowNs);
        } else if (healthy.isEmpty()) {
            transitionTo(LegState.UNKNOWN, "no check has said anything yet", nowNs);
        } else if (healthy.get()) {
            transitionTo(LegState.UP, "its checks pass", nowNs);
        } else {
            transitionTo(LegState.UNHEALTHY, "its checks fail", nowNs);
        }
    }

    private String linkTrouble() {
        if (link.isPresent()) {
            return link.get().name() + (link.get().up() ? " has no carrier" : " is down");
        }
        return config.interfaceName()
                .map(name -> "there is no interface " + name)
                .orElse("no interface has a network with " + config.via());
    }

    private void transitionTo(LegState next, String why, long nowNs) {
        if (next != state) {
            state = next;
            sinceNs = nowNs;
        }
        reason = why;
    }

    boolean isUsed() {
        return used;
    }

    void use(boolean now) {
        used = now;
    }

    LegView view() {
        String name = link.map(Link::name).or(config::interfaceName).orElse("");
        return new LegView(config.id(), config.via(), name, config.weight(), state, used, reason, sinceNs);
    }
}
