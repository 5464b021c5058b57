package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.config.PoolConfig.Adaptive;
import io.penstock.forwarder.config.PoolConfig.Balance;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;

/** Reads {@code balance} of a pool. */
final class BalanceReader {
    private static final Map<String, PolicyKind> POLICIES = Map.of(
            "maglev", PolicyKind.MAGLEV,
            "ring-hash", PolicyKind.RING_HASH,
            "round-robin", PolicyKind.ROUND_ROBIN,
            "least-connections", PolicyKind.LEAST_CONNECTIONS,
            "two-choices", PolicyKind.TWO_CHOICES,
            "random", PolicyKind.RANDOM,
            "least-time", PolicyKind.LEAST_TIME,
            "adaptive", PolicyKind.ADAPTIVE);
    private static final Map<String, Boolean> BY_SOURCE = Map.of("flow", false, "source", true);
    private static final String HASHING = "the policies that hash, maglev and ring-hash,";

    /** The smallest prime that leaves the algorithm a choice of skips. */
    private static final int MIN_TABLE_SIZE = 3;

    /** Fewer virtual nodes leave the shares to chance; Envoy's bounds. */
    private static final int MIN_RING_SIZE = 1024;

    private static final int MAX_RING_SIZE = 8_388_608;

    /** At 100 % a backend would be full as soon as it had its share. */
    private static final int MIN_LOAD_FACTOR_PERCENT = 101;

    private static final int MAX_LOAD_FACTOR_PERCENT = 1000;

    private static final int MAX_STEP_PERCENT = 50;
    private static final Duration MAX_ADAPTIVE_INTERVAL = Duration.ofHours(1);

    private BalanceReader() {}

    static Balance read(ConfigSection balance) {
        PolicyKind kind = balance.oneOf("policy", POLICIES, PolicyKind.MAGLEV);
        HashInput hash = hash(balance);
        int tableSize = tableSize(balance);
        int ringSize = balance.integer("ring-size", PolicySpec.DEFAULT_RING_SIZE, MIN_RING_SIZE, MAX_RING_SIZE);
        int loadFactor = balance.wholePercent(
                "load-factor", PolicySpec.UNBOUNDED, MIN_LOAD_FACTOR_PERCENT, MAX_LOAD_FACTOR_PERCENT);
        Adaptive adaptive = balance.section("adaptive", BalanceReader::adaptive).orElse(Adaptive.DEFAULT);
        if (balance.isSound("policy")) {
            reportUnused(kind, balance);
        }
        return new Balance(new PolicySpec(kind, tableSize, ringSize, loadFactor), hash, adaptive);
    }

    static boolean hashes(PolicyKind kind) {
        return kind == PolicyKind.MAGLEV || kind == PolicyKind.RING_HASH;
    }

    private static void reportUnused(PolicyKind kind, ConfigSection balance) {
        if (!hashes(kind)) {
            KeyRules.onlyFor(HASHING, balance, "hash", "source-prefix", "load-factor");
        }
        if (kind != PolicyKind.MAGLEV) {
            KeyRules.onlyFor("policy maglev", balance, "table-size");
        }
        if (kind != PolicyKind.RING_HASH) {
            KeyRules.onlyFor("policy ring-hash", balance, "ring-size");
        }
        if (kind != PolicyKind.ADAPTIVE) {
            KeyRules.onlyFor("policy adaptive", balance, "adaptive");
        }
    }

    private static HashInput hash(ConfigSection balance) {
        boolean source = balance.oneOf("hash", BY_SOURCE, false);
        HashInput hash = balance.section("source-prefix", BalanceReader::sourcePrefix)
                .orElse(source ? HashInput.SOURCE : HashInput.FLOW);
        if (!source && balance.isSound("hash")) {
            KeyRules.onlyFor("hash: source", balance, "source-prefix");
        }
        return hash;
    }

    private static HashInput sourcePrefix(ConfigSection prefix) {
        int ipv4 = HashInput.SOURCE.ipv4Prefix();
        int ipv6 = HashInput.SOURCE.ipv6Prefix();
        return new HashInput(true, prefix.integer("ipv4", ipv4, 1, ipv4), prefix.integer("ipv6", ipv6, 1, ipv6));
    }

    private static int tableSize(ConfigSection balance) {
        int tableSize =
                balance.integer("table-size", PolicySpec.DEFAULT_TABLE_SIZE, MIN_TABLE_SIZE, Balance.MAX_TABLE_SIZE);
        BigInteger size = BigInteger.valueOf(tableSize);
        // Beyond doubt: for numbers this small the test is exact.
        if (!size.isProbablePrime(50)) {
            balance.problem("table-size", "must be a prime; the next one is " + size.nextProbablePrime());
        }
        return tableSize;
    }

    private static Adaptive adaptive(ConfigSection adaptive) {
        Adaptive byDefault = Adaptive.DEFAULT;
        return new Adaptive(
                adaptive.duration(
                        "interval", byDefault.interval(), ForwarderConfigReader.CONTROL_TICK, MAX_ADAPTIVE_INTERVAL),
                adaptive.wholePercent("step", byDefault.stepPercent(), 1, MAX_STEP_PERCENT),
                adaptive.wholePercent("floor", byDefault.floorPercent(), 1, 100));
    }

    /** Reports when there are more backends than places for them. */
    static void checkRoom(Balance balance, int backends, ConfigValue at) {
        PolicySpec policy = balance.policy();
        boolean ring = policy.kind() == PolicyKind.RING_HASH;
        int room = ring ? policy.ringSize() : policy.tableSize();
        if (hashes(policy.kind()) && backends > room) {
            String key = ring ? "ring-size" : "table-size";
            at.problem("must be at most as many as " + key + " (" + room + ")", backends + " backends");
        }
    }
}
