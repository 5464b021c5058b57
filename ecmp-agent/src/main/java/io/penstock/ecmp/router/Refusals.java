package io.penstock.ecmp.router;

import io.penstock.netlink.NextHop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Legs that the kernel refused, with its words, and when each is tried again: at once, as a link may just have come or gone, then after
 * a second, two, four, up to half a minute.
 */
final class Refusals {
    private static final long FIRST_DELAY_NS = 1_000_000_000L;
    private static final long LAST_DELAY_NS = 30_000_000_000L;

    private final Map<NextHop.Leg, Refusal> byLeg = new HashMap<>();

    private record Refusal(String words, long retryAtNs, long delayNs) {}

    /** Puts it off; whether it had not been refused before. */
    boolean refused(NextHop.Leg leg, String words, long nowNs) {
        Refusal before = byLeg.get(leg);
        long delayNs = before == null ? 0 : Math.min(Math.max(2 * before.delayNs, FIRST_DELAY_NS), LAST_DELAY_NS);
        byLeg.put(leg, new Refusal(words, nowNs + delayNs, delayNs));
        return before == null;
    }

    /** Circumstances have changed, or the kernel has taken it: it is as if it had never been refused. Whether it was. */
    boolean forget(NextHop.Leg leg) {
        return byLeg.remove(leg) != null;
    }

    /** @param isThere what the kernel has taken after all */
    void forgetIf(Predicate<NextHop.Leg> isThere) {
        byLeg.keySet().removeIf(isThere);
    }

    void forgetAll() {
        byLeg.clear();
    }

    /** The kernel's words. */
    Optional<String> of(NextHop.Leg leg) {
        return Optional.ofNullable(byLeg.get(leg)).map(Refusal::words);
    }

    boolean isDue(NextHop.Leg leg, long nowNs) {
        return byLeg.containsKey(leg) && byLeg.get(leg).retryAtNs - nowNs <= 0;
    }

    /** When the next one is tried again, of those that are not due already; {@link Long#MAX_VALUE} for never. */
    long nextRetryNs(long nowNs) {
        return byLeg.values().stream()
                .mapToLong(Refusal::retryAtNs)
                .filter(atNs -> atNs - nowNs > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
