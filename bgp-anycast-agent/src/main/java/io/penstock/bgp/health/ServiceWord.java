package io.penstock.bgp.health;

import io.penstock.bgp.config.VipHealth.Checks;
import io.penstock.bgp.config.VipHealth.Forwarder;
import io.penstock.bgp.config.VipHealth.Service;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.serving.VipVerdict;
import java.time.Duration;

/**
 * What was last said of a service of a VIP. Its age is counted in looks, not by a clock: a host that was suspended has heard nothing
 * meanwhile, and that speaks against no service. NOT thread safe.
 */
final class ServiceWord {
    /** Whoever waits for all services of a VIP waits so long for a first word. Two answers of a forwarder take half a second. */
    static final int FIRST_WORD_LOOKS = 5;

    /** Beyond the time that its check takes to see that nobody answers. */
    private static final int GRACE_LOOKS = 10;

    private final Service service;
    private final int maxLooks;
    private Level level = Level.UNKNOWN;
    private String reason = "nothing heard yet";
    private long atNs;
    private int looks;

    ServiceWord(Service service, long nowNs) {
        this.service = service;
        maxLooks = Math.toIntExact(timeToFall(service).toSeconds()) + GRACE_LOOKS;
        atNs = nowNs;
    }

    private static Duration timeToFall(Service service) {
        if (service instanceof Forwarder forwarder) {
            return forwarder.question().timeToFall();
        }
        return ((Checks) service).plan().timeToFall();
    }

    boolean isAbout(Service other) {
        return service.equals(other);
    }

    void hear(VipVerdict verdict, long nowNs) {
        looks = 0;
        become(level(verdict), verdict.reason(), nowNs);
    }

    private void become(Level next, String why, long nowNs) {
        if (next != level) {
            atNs = nowNs;
        }
        level = next;
        reason = why;
    }

    private static Level level(VipVerdict verdict) {
        return switch (verdict.kind()) {
            case UNKNOWN -> Level.UNKNOWN;
            case SERVED -> verdict.degraded() ? Level.DEGRADED : Level.UP;
            case DRAINING -> Level.DRAINING;
            case NOT_SERVED -> Level.DOWN;
        };
    }

    /** Once a second: one that has been silent for too long is not served, as far as anybody knows. */
    void look(long nowNs) {
        looks = Math.min(looks + 1, maxLooks);
        if (looks == maxLooks) {
            become(Level.DOWN, "nothing heard for " + maxLooks + " s", nowNs);
        }
    }

    /** Whether a first word may come any moment. */
    boolean isAwaited() {
        return level == Level.UNKNOWN && looks < FIRST_WORD_LOOKS;
    }

    Level level() {
        return level;
    }

    String reason() {
        return reason;
    }

    /** When it came to this level. */
    long atNs() {
        return atNs;
    }
}
