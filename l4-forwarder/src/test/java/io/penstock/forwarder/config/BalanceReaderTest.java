package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import io.penstock.forwarder.config.PoolConfig.Adaptive;
import io.penstock.forwarder.config.PoolConfig.Balance;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BalanceReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldReadMaglevWithAllItsKeys() {
        Balance balance =
                balance("hash: source, source-prefix: { ipv4: 24, ipv6: 56 }, table-size: 251, load-factor: 125%");

        assertEquals(
                new Balance(
                        new PolicySpec(PolicyKind.MAGLEV, 251, PolicySpec.DEFAULT_RING_SIZE, 125),
                        new HashInput(true, 24, 56),
                        Adaptive.DEFAULT),
                balance);
    }

    @Test
    void shouldReadRingHashAndAdaptiveWithTheirKeys() {
        assertEquals(
                2048, balance("policy: ring-hash, ring-size: 2048").policy().ringSize());
        assertEquals(
                new Adaptive(Duration.ofMillis(500), 5, 20),
                balance("policy: adaptive, adaptive: { interval: 500ms, step: 5%, floor: 20% }")
                        .adaptive());
    }

    @Test
    void shouldKeepTheWholeSourceWhenOnePrefixIsGiven() {
        assertEquals(
                new HashInput(true, 32, 64),
                balance("hash: source, source-prefix: { ipv6: 64 }").hash());
    }

    @ParameterizedTest
    @EnumSource(PolicyKind.class)
    void shouldReadEveryPolicyByItsName(PolicyKind kind) {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');

        assertEquals(kind, balance("policy: " + name).policy().kind());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            policy: randon                                 | policy: must be one of: adaptive, least-connections, least-time, maglev, random, ring-hash, round-robin, two-choices, did you mean 'random'? (was randon)
            policy: random, hash: flow                     | hash: is for the policies that hash, maglev and ring-hash, only (was flow)
            policy: least-time, load-factor: 150%          | load-factor: is for the policies that hash, maglev and ring-hash, only (was 150%)
            policy: ring-hash, table-size: 251             | table-size: is for policy maglev only (was 251)
            ring-size: 2048                                | ring-size: is for policy ring-hash only (was 2048)
            policy: round-robin, adaptive: {}              | adaptive: is for policy adaptive only (was a mapping)
            source-prefix: { ipv4: 24 }                    | source-prefix: is for hash: source only (was a mapping)
            hash: source, source-prefix: { ipv4: 33 }      | source-prefix.ipv4: must be a whole number from 1 to 32 (was 33)
            hash: source, source-prefix: { ipv6: 0 }       | source-prefix.ipv6: must be a whole number from 1 to 128 (was 0)
            table-size: 1000                               | table-size: must be a prime; the next one is 1009 (was 1000)
            load-factor: 100%                              | load-factor: must be a percentage from 101% to 1000% (was 100%)
            load-factor: 125                               | load-factor: must be a whole number with a percent sign, from 101% to 1000% (was 125)
            policy: adaptive, adaptive: { step: 51% }      | adaptive.step: must be a percentage from 1% to 50% (was 51%)
            policy: adaptive, adaptive: { floor: 0% }      | adaptive.floor: must be a percentage from 1% to 100% (was 0%)
            policy: adaptive, adaptive: { interval: 99ms } | adaptive.interval: must be a duration from 100ms to 1h (was 99ms)
            """)
    void shouldExplainWhenBalanceIsWrong(String keys, String problem) {
        assertEquals(
                "pools.web.balance." + problem, config.poolProblem("balance: { " + keys + " }, backends: [\"a:1\"]"));
    }

    private Balance balance(String keys) {
        return config.pool("balance: { " + keys + " }, backends: [\"a:1\"]").balance();
    }
}
