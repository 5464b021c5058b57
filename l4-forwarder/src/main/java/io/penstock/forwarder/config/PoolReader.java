package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.forwarder.config.PoolConfig.Affinity;
import io.penstock.forwarder.config.PoolConfig.Balance;
import io.penstock.forwarder.config.PoolConfig.FailBack;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.config.PoolConfig.Locality;
import io.penstock.health.HealthPlan;
import io.penstock.health.config.AgentReader;
import io.penstock.health.config.HealthReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the entries of {@code pools}. */
final class PoolReader {
    /** Ten times what is healthy: all but one in ten of a level may be down before anyone is sent elsewhere. */
    private static final int MAX_OVERPROVISIONING_PERCENT = 1000;

    private final HealthReader health;
    private final PlaceReader places;
    private final OwnListeners listeners;
    private final PoolUsers users;

    /**
     * For a file whose services have been read.
     *
     * @param listeners of all services, with the pools that they lead to
     */
    PoolReader(Path configFile, PlaceReader places, OwnListeners listeners, PoolUsers users) {
        this.health = new HealthReader(configFile);
        this.places = places;
        this.listeners = listeners;
        this.users = users;
    }

    PoolConfig read(String name, ConfigSection pool) {
        Balance balance =
                pool.section("balance", section -> balance(name, section)).orElse(Balance.DEFAULT);
        Optional<HealthPlan> plan = health.read(pool.optional("health"), users.isUdpOnly(name));
        Limits limits = pool.section("limits", section -> LimitsReader.read(section, users.isUdpOnly(name)))
                .orElse(Limits.NONE);
        PoolConfig read = new PoolConfig(
                name,
                balance,
                pool.section("affinity", PoolReader::affinity),
                pool.section("locality", PoolReader::locality).orElse(Locality.DEFAULT),
                plan,
                pool.section("agent", AgentReader::read),
                pool.section("outlier-ejection", OutlierReader::read),
                pool.section("circuit-breaker", BreakerReader::read),
                ReturnReader.read(pool),
                limits,
                failBack(pool),
                new OutgoingConfig(SourceReader.read(pool, users.overUdp(name)), ProxyHeaderReader.read(pool)),
                duration(pool, "resolve-interval", PoolConfig.DEFAULT_RESOLVE_INTERVAL),
                backends(name, pool, balance, plan));
        LimitsReader.checkQueue(pool, limits, read.backends());
        users.ofPackets().checkBackends(name, read.backends(), pool);
        users.check(name, pool);
        return read;
    }

    private Balance balance(String name, ConfigSection section) {
        Balance read = BalanceReader.read(section);
        users.ofPackets().checkBalance(name, read, section);
        return read;
    }

    private List<BackendConfig> backends(String name, ConfigSection pool, Balance balance, Optional<HealthPlan> plan) {
        CheckNeeds asked = pool.isSound("health") ? plan.map(CheckNeeds::of).orElse(CheckNeeds.NONE) : CheckNeeds.NONE;
        users.ofPackets().checkHealth(name, asked, pool);
        CheckNeeds needs = users.ofPackets().needs(name, asked);
        List<ConfigValue> values = pool.required("backends").stream()
                .flatMap(value -> value.items("a list of at least one backend").stream())
                .toList();
        List<BackendConfig> backends = new BackendReader(places, (value, address) -> {
                    if (users.isReachable(name, value, address)) {
                        needs.check(value, address);
                        refuseAgent(pool, value, address);
                        listeners.check(name, value, address);
                    }
                })
                .read(values);
        if (pool.isSound("balance")) {
            pool.optional("backends").ifPresent(value -> BalanceReader.checkRoom(balance, values.size(), value));
        }
        return backends;
    }

    private static void refuseAgent(ConfigSection pool, ConfigValue value, HostPort address) {
        if (address.isUnix() && pool.has("agent")) {
            value.problem("is a UNIX socket, and an agent is asked at a port of the backend's address");
        }
    }

    private static Optional<FailBack> failBack(ConfigSection pool) {
        if (pool.has("affinity") && pool.has("fail-back")) {
            pool.problem(
                    "fail-back",
                    "cannot stand beside affinity: a source comes back to the backend that it is bound to");
        }
        return pool.section(
                "fail-back",
                failBack -> new FailBack(
                        failBack.required("rate")
                                .flatMap(rate ->
                                        rate.rate(ForwarderConfig.MIN_DRAIN_RATE, ForwarderConfig.MAX_DRAIN_RATE))
                                .orElse(ForwarderConfig.MIN_DRAIN_RATE),
                        duration(failBack, "after", FailBack.DEFAULT_AFTER)));
    }

    private static Affinity affinity(ConfigSection affinity) {
        return new Affinity(
                duration(affinity, "timeout", Affinity.DEFAULT_TIMEOUT),
                affinity.integer("sources", Affinity.DEFAULT_SOURCES, 1, Affinity.MAX_SOURCES));
    }

    private static Locality locality(ConfigSection locality) {
        return new Locality(
                locality.wholePercent(
                        "overprovisioning",
                        Locality.DEFAULT_OVERPROVISIONING_PERCENT,
                        100,
                        MAX_OVERPROVISIONING_PERCENT),
                locality.wholePercent("panic", Locality.DEFAULT_PANIC_PERCENT, 0, 100));
    }
}
