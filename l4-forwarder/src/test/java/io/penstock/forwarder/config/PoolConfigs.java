package io.penstock.forwarder.config;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.config.PoolConfig.Adaptive;
import io.penstock.forwarder.config.PoolConfig.Balance;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.config.PoolConfig.Locality;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Pools as tests want them: defaults but for what is given. */
public final class PoolConfigs {
    private PoolConfigs() {}

    public static PoolConfig maglev(
            String name,
            int tableSize,
            Optional<HealthPlan> health,
            Duration resolveInterval,
            BackendConfig... backends) {
        return new PoolConfig(
                name,
                new Balance(PolicySpec.maglev(tableSize), HashInput.FLOW, Adaptive.DEFAULT),
                Optional.empty(),
                Locality.DEFAULT,
                health,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Return.AT_ONCE,
                Limits.NONE,
                Optional.empty(),
                OutgoingConfig.PLAIN,
                resolveInterval,
                List.of(backends));
    }

    /** A TCP check. */
    public static HealthPlan tcpCheck(int port, Duration interval, Duration timeout, int rise, int fall) {
        Schedule schedule = new Schedule(interval, interval, timeout, Schedule.DEFAULT_JITTER, Schedule.Initial.UP);
        return HealthPlan.of(
                new HealthCheck("tcp", new Probe.Tcp(), port, schedule, HealthCheck.Origin.PLAIN, rise, fall, 1));
    }
}
