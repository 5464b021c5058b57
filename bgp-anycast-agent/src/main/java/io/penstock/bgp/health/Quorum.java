package io.penstock.bgp.health;

import io.penstock.bgp.policy.Condition.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * From what is known of services to what it makes of their VIP.
 *
 * @param level UNKNOWN while it depends on services of which nothing was heard yet
 * @param reason that of the service that decides
 */
record Quorum(Level level, String reason) {
    private static final Set<Level> SERVED = EnumSet.of(Level.UP, Level.DEGRADED);

    /**
     * With so many of them it is served, with fewer than all only degraded.
     *
     * @param words by name; at least one
     */
    static Quorum of(Map<String, ServiceWord> words, int atLeast) {
        Count count = new Count(words.values());
        if (count.served >= atLeast) {
            return served(words, count);
        }
        if (count.served + count.draining + count.unknown < atLeast) {
            return new Quorum(Level.DOWN, latest(words, EnumSet.of(Level.DOWN)));
        }
        if (count.served + count.draining >= atLeast) {
            // Whoever has not spoken yet may be all that is missing.
            return count.unknown > 0 && count.served + count.unknown >= atLeast
                    ? new Quorum(Level.UNKNOWN, latest(words, EnumSet.of(Level.UNKNOWN)))
                    : new Quorum(Level.DRAINING, latest(words, EnumSet.of(Level.DRAINING)));
        }
        return new Quorum(Level.UNKNOWN, latest(words, EnumSet.of(Level.UNKNOWN)));
    }

    private static Quorum served(Map<String, ServiceWord> words, Count count) {
        if (count.served < words.size()) {
            Set<Level> missing = EnumSet.complementOf(EnumSet.copyOf(SERVED));
            return count.awaited > 0
                    ? new Quorum(Level.UNKNOWN, latest(words, EnumSet.of(Level.UNKNOWN)))
                    : new Quorum(
                            Level.DEGRADED,
                            count.served + " of " + words.size() + " services: " + latest(words, missing));
        }
        if (count.degraded > 0) {
            return new Quorum(Level.DEGRADED, latest(words, EnumSet.of(Level.DEGRADED)));
        }
        if (words.size() > 1) {
            return new Quorum(Level.UP, "all " + words.size() + " services");
        }
        String said = words.values().iterator().next().reason();
        return new Quorum(Level.UP, said.isBlank() ? "served" : said);
    }

    /** Of those at these levels, the one that came there last: it is what made the difference. */
    private static String latest(Map<String, ServiceWord> words, Set<Level> levels) {
        List<Map.Entry<String, ServiceWord>> those = new ArrayList<>(words.entrySet());
        those.removeIf(entry -> !levels.contains(entry.getValue().level()));
        Map.Entry<String, ServiceWord> last = those.stream()
                .max(Comparator.comparingLong(entry -> entry.getValue().atNs()))
                .orElseThrow();
        String reason = last.getValue().reason();
        String said = reason.isBlank() ? last.getValue().level().label() : reason;
        return words.size() == 1 ? said : last.getKey() + ": " + said;
    }

    private static final class Count {
        int served;
        int degraded;
        int draining;
        int unknown;
        int awaited;

        Count(Iterable<ServiceWord> words) {
            for (ServiceWord word : words) {
                served += SERVED.contains(word.level()) ? 1 : 0;
                degraded += word.level() == Level.DEGRADED ? 1 : 0;
                draining += word.level() == Level.DRAINING ? 1 : 0;
                unknown += word.level() == Level.UNKNOWN ? 1 : 0;
                awaited += word.isAwaited() ? 1 : 0;
            }
        }
    }
}
