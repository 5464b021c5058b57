package io.penstock.perf.lab.vrrp;

import io.penstock.perf.lab.Outcome;
import java.util.function.Consumer;

/** Counts connections whose first SYN nobody answered, or that failed. NOT thread safe: of the clients' thread. */
final class LostAttempts implements Consumer<Outcome> {
    /** The kernel sends a second SYN after one second; nothing else takes as long here. */
    private static final long SECOND_SYN_NS = 900_000_000;

    private long lost;

    @Override
    public void accept(Outcome outcome) {
        if (outcome.answer().isEmpty() || outcome.durationNs() >= SECOND_SYN_NS) {
            lost++;
        }
    }

    long lost() {
        return lost;
    }
}
