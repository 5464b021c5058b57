package io.penstock.bgp.policy;

import java.time.Duration;
import java.util.Optional;

/** What somebody wants of a VIP; stands until another does, or none. */
public sealed interface Order {
    Order NONE = new None();

    /** Its condition decides. */
    record None() implements Order {}

    /**
     * Off this host, slowly.
     *
     * @param lasting how long it is announced as draining before it is withdrawn, 0 to {@link #MAX_LASTING}; empty for as long as its
     *     configuration says
     * @param why one line for people
     */
    record Drain(Optional<Duration> lasting, String why) implements Order {
        public static final Duration MAX_LASTING = Duration.ofDays(1);

        public Drain {
            if (lasting.isPresent()
                    && (lasting.get().isNegative() || lasting.get().compareTo(MAX_LASTING) > 0)) {
                throw new IllegalArgumentException("a drain of " + lasting.get());
            }
        }
    }

    /**
     * Off this host at once.
     *
     * @param why one line for people
     */
    record Withdraw(String why) implements Order {}
}
