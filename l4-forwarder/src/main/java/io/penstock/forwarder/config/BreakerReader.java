package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.KeyRules;
import io.penstock.forwarder.config.PoolConfig.CircuitBreaker;

/** Reads {@code circuit-breaker} of a pool. */
final class BreakerReader {
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_TRIALS = 1000;

    private BreakerReader() {}

    static CircuitBreaker read(ConfigSection breaker) {
        CircuitBreaker byDefault = CircuitBreaker.DEFAULT;
        int failures = breaker.wholePercent("failures", byDefault.failurePercent(), 0, 100);
        int slow = breaker.wholePercent("slow", byDefault.slowPercent(), 0, 100);
        if (failures == 0 && slow == 0 && breaker.isSound("slow")) {
            breaker.problem("slow", "must be above 0% when failures is 0%");
        }
        if (slow == 0 && breaker.isSound("slow")) {
            KeyRules.onlyFor("a share of slow connections (slow: 50%)", breaker, "slow-from");
        }
        return new CircuitBreaker(
                ForwarderConfigReader.tick(breaker, "window", byDefault.window()),
                breaker.integer("min-connections", byDefault.minConnections(), 1, MAX_CONNECTIONS),
                failures,
                slow,
                ForwarderConfigReader.duration(breaker, "slow-from", byDefault.slowFrom()),
                ForwarderConfigReader.tick(breaker, "open", byDefault.openTime()),
                breaker.integer("trials", byDefault.trials(), 1, MAX_TRIALS));
    }
}
