package io.penstock.bgp.client;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.health.HealthWatches;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Condition.Level;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Asks and probes as a running agent does, until everything has been judged once. */
final class HealthOnce {
    /** As long as a running agent bears not to know. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private HealthOnce() {}

    /**
     * What is known of each VIP; UNKNOWN of one that nobody said anything of in time.
     *
     * @param nowNs the clock of the conditions
     * @throws IOException when the kernel does not tell which addresses this host has
     */
    static Map<String, Condition> ask(BgpConfig config, LongSupplier nowNs, Syscalls syscalls)
            throws IOException, InterruptedException {
        Semaphore news = new Semaphore(0);
        try (HealthWatches watches = new HealthWatches(news::release, nowNs, syscalls)) {
            watches.watch(config);
            long deadlineNs = System.nanoTime() + LIMIT.toNanos();
            Map<String, Condition> known = watches.now();
            for (long leftNs = LIMIT.toNanos(); leftNs > 0 && !isJudged(known); known = watches.now()) {
                boolean unused = news.tryAcquire(leftNs, TimeUnit.NANOSECONDS);
                leftNs = deadlineNs - System.nanoTime();
            }
            return known;
        }
    }

    private static boolean isJudged(Map<String, Condition> known) {
        return known.values().stream().noneMatch(condition -> condition.level() == Level.UNKNOWN);
    }

    /** As if all answers were good, without a question. */
    static Map<String, Condition> assumed(BgpConfig config, long nowNs) {
        Map<String, Condition> conditions = new HashMap<>();
        config.vips().keySet().forEach(name -> conditions.put(name, new Condition(Level.UP, true, nowNs, "assumed")));
        return conditions;
    }
}
