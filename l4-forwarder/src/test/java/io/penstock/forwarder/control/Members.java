package io.penstock.forwarder.control;

import io.penstock.forwarder.config.PoolConfig;
import io.penstock.net.FlowHash;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Pools as the controller has them, without a controller. */
final class Members {
    private Members() {}

    static Pool pool(PoolConfig config) {
        return pool(config, new TransitionLog(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)));
    }

    /** At a forwarder without a place, made at time 0. */
    static Pool pool(PoolConfig config, TransitionLog transitions) {
        return new Pool(
                config,
                new PoolMembers(config, transitions, 0),
                new PoolBuilder(config, new FlowHash(1, 2), Optional.empty(), List.of(Optional.empty())),
                member -> {},
                0);
    }
}
