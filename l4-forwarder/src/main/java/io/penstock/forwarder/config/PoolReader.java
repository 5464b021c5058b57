package io.penstock.forwarder.config;

import static io.penstock.forwarder.config.ForwarderConfigReader.duration;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.config.PoolConfig.Adaptive;
import io.penstock.forwarder.config.PoolConfig.Balance;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.config.PoolConfig.Locality;
import io.penstock.forwarder.config.PoolConfig.Return;
import io.penstock.health.HealthPlan;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one entry of {@code pools}. */
final class PoolReader {
    private static final Map<String, String> POLICIES = Map.of("maglev", "maglev");
    private static final Map<String, HashInput> HASHES = Map.of("flow", HashInput.FLOW, "source", HashInput.SOURCE);

    /** The smallest prime that leaves the algorithm a choice of skips. */
    private static final int MIN_TABLE_SIZE = 3;

    private PoolReader() {}

    static PoolConfig read(String name, ConfigSection pool) {
        Balance balance = pool.section("balance", PoolReader::balance).orElse(Balance.DEFAULT);
        Optional<HealthPlan> health = HealthReader.read(pool.optional("health"));
        Duration resolveInterval = duration(pool, "resolve-interval", PoolConfig.DEFAULT_RESOLVE_INTERVAL);
        List<ConfigValue> values = pool.required("backends").stream()
                .flatMap(value -> value.items("a list of at least one backend").stream())
                .toList();
        boolean needPort = pool.isSound("health")
                && health.isPresent()
                && health.get().checks().get(0).port() == 0;
        List<BackendConfig> backends = new BackendReader(needPort).read(values);
        if (pool.isSound("balance") && values.size() > balance.policy().tableSize()) {
            pool.optional("backends")
                    .ifPresent(value -> value.problem(
                            "must be at most as many as table-size ("
                                    + balance.policy().tableSize() + ")",
                            values.size() + " backends"));
        }
        return new PoolConfig(
                name,
                balance,
                Optional.empty(),
                Locality.DEFAULT,
                health,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Return.AT_ONCE,
                Limits.NONE,
                resolveInterval,
                backends);
    }

    private static Balance balance(ConfigSection balance) {
        balance.oneOf("policy", POLICIES, "maglev");
        HashInput hash = balance.oneOf("hash", HASHES, HashInput.FLOW);
        int tableSize =
                balance.integer("table-size", PolicySpec.DEFAULT_TABLE_SIZE, MIN_TABLE_SIZE, Balance.MAX_TABLE_SIZE);
        BigInteger size = BigInteger.valueOf(tableSize);
        // Beyond doubt: for numbers this small the test is exact.
        if (!size.isProbablePrime(50)) {
            balance.problem("table-size", "must be a prime; the next one is " + size.nextProbablePrime());
        }
        return new Balance(PolicySpec.maglev(tableSize), hash, Adaptive.DEFAULT);
    }
}
