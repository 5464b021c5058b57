package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.config.BackendConfig.State;
import io.penstock.forwarder.config.PoolConfig.Affinity;
import io.penstock.forwarder.config.PoolConfig.CircuitBreaker;
import io.penstock.forwarder.config.PoolConfig.HoldDown;
import io.penstock.forwarder.config.PoolConfig.Limits;
import io.penstock.forwarder.config.PoolConfig.Locality;
import io.penstock.forwarder.config.PoolConfig.OutlierEjection;
import io.penstock.forwarder.config.PoolConfig.SlowStart;
import io.penstock.forwarder.config.PoolConfig.SlowStart.Curve;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys of a pool beside {@code balance} and {@code health}. */
class PoolReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    @Test
    void shouldReadAffinityAndLocality() {
        PoolConfig pool =
                pool("affinity: { timeout: 5m, sources: 9 }, locality: { overprovisioning: 200%, panic: 40% }");

        assertEquals(Optional.of(new Affinity(Duration.ofMinutes(5), 9)), pool.affinity());
        assertEquals(new Locality(200, 40), pool.locality());
    }

    @Test
    void shouldReadOutlierEjectionAndCircuitBreaker() {
        PoolConfig pool = pool("""
                outlier-ejection: { connect-failures: 1, early-resets: 2, latency-score: 2.5, interval: 3s, time: 4s,
                max-time: 5s, max-ejected: 6% },
                circuit-breaker: { window: 1s, min-connections: 2, failures: 3%, slow: 4%, slow-from: 5ms, open: 6s,
                trials: 7 }""");

        assertEquals(
                Optional.of(new OutlierEjection(
                        1, 2, 25, Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofSeconds(5), 6)),
                pool.outlierEjection());
        assertEquals(
                Optional.of(new CircuitBreaker(
                        Duration.ofSeconds(1), 2, 3, 4, Duration.ofMillis(5), Duration.ofSeconds(6), 7)),
                pool.circuitBreaker());
    }

    @Test
    void shouldUseDefaultsWhenMappingIsEmpty() {
        PoolConfig pool = pool("affinity: {}, locality: {}, outlier-ejection: {}, circuit-breaker: {}, hold-down: {}");

        assertEquals(Optional.of(new Affinity(Duration.ofMinutes(30), 65_536)), pool.affinity());
        assertEquals(Locality.DEFAULT, pool.locality());
        assertEquals(Optional.of(OutlierEjection.DEFAULT), pool.outlierEjection());
        assertEquals(Optional.of(CircuitBreaker.DEFAULT), pool.circuitBreaker());
        assertEquals(
                Optional.of(new HoldDown(5, Duration.ofMinutes(5), Duration.ofMinutes(1))),
                pool.comeback().holdDown());
    }

    @Test
    void shouldReadLimits() {
        assertEquals(
                new Limits(1, 2, 3, Duration.ofSeconds(4)),
                pool("limits: { connections: 1, pending: 2, queue: 3, queue-timeout: 4s }")
                        .limits());
    }

    @Test
    void shouldReadHowABackendComesBack() {
        assertEquals(
                Optional.of(new SlowStart(Duration.ofSeconds(30), Curve.LINEAR)),
                pool("slow-start: 30s").comeback().slowStart());
        assertEquals(
                Optional.of(new SlowStart(Duration.ofSeconds(9), Curve.EXPONENTIAL)),
                pool("slow-start: { time: 9s, curve: exponential }").comeback().slowStart());
        assertEquals(
                Optional.of(new HoldDown(2, Duration.ofSeconds(3), Duration.ofSeconds(4))),
                pool("hold-down: { changes: 2, within: 3s, time: 4s }")
                        .comeback()
                        .holdDown());
    }

    @Test
    void shouldStretchTheLongestEjectionWhenTheFirstIsLonger() {
        OutlierEjection ejection =
                pool("outlier-ejection: { time: 10m }").outlierEjection().orElseThrow();

        assertEquals(Duration.ofMinutes(10), ejection.maxEjectionTime());
    }

    @Test
    void shouldReadEveryKeyOfABackend() {
        assertEquals(
                new BackendConfig("a", "b", 1, 2, Optional.of(new Place("eu", "z")), 3, State.MAINTENANCE, 4),
                backend("id: a, address: \"b:1\", weight: 2, region: eu, zone: z, priority: 3, state: maintenance,"
                        + " max-connections: 4"));
        assertEquals(1, backend("address: \"b:1\", backup: true").priority());
        assertEquals(0, backend("address: \"b:1\", backup: false").priority());
    }

    @Test
    void shouldTakeTheForwardersRegionWhenABackendHasAZoneAlone() {
        List<BackendConfig> backends = config.read("""
                        place: { region: eu, zone: a }
                        services: { web: { listen: "*:80" } }
                        pools: { web: { backends: [{ address: "b:1", zone: b }, { address: "c:1", region: us }, "d:1"] } }
                        """).pools().get("web").backends();

        assertEquals(Optional.of(new Place("eu", "b")), backends.get(0).place());
        assertEquals(Optional.of(new Place("us", "")), backends.get(1).place());
        assertEquals(Optional.empty(), backends.get(2).place());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limits: { queue: 1, connections: 1 }, backends: [\"a:1\"]",
                "limits: { queue: 1, pending: 1 }, backends: [\"a:1\"]",
                "limits: { queue: 1 }, agent: { port: 9 }, backends: [\"a:1\"]",
                "limits: { queue: 1 }, circuit-breaker: { failures: 50% }, backends: [\"a:1\"]",
                "limits: { queue: 1 }, backends: [{ address: \"a:1\", max-connections: 1 }]"
            })
    void shouldAcceptAQueueWhenBackendsCanBeFull(String keys) {
        assertEquals(1, config.pool(keys).limits().queue());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            affinity: { timeout: 0s }                                  | affinity.timeout: must be a duration from 1ms to 240h (was 0s)
            affinity: { sources: 0 }                                   | affinity.sources: must be a whole number from 1 to 16777216 (was 0)
            locality: { overprovisioning: 99% }                        | locality.overprovisioning: must be a percentage from 100% to 1000% (was 99%)
            locality: { panic: 101% }                                  | locality.panic: must be a percentage from 0% to 100% (was 101%)
            outlier-ejection: { connect-failures: 1001 }               | outlier-ejection.connect-failures: must be a whole number from 0 to 1000 (was 1001)
            outlier-ejection: { latency-score: 0.5 }                   | outlier-ejection.latency-score: must be a number from 1 to 10 with at most one decimal (was 0.5)
            outlier-ejection: { interval: 99ms }                       | outlier-ejection.interval: must be a duration from 100ms to 240h (was 99ms)
            outlier-ejection: { time: 2s, max-time: 1s }               | outlier-ejection.max-time: must not be shorter than time (was 1s)
            outlier-ejection: { max-ejected: 0% }                      | outlier-ejection.max-ejected: must be a percentage from 1% to 100% (was 0%)
            outlier-ejection: { connect-failures: 0, early-resets: 0 } | outlier-ejection.latency-score: is needed when connect-failures and early-resets are 0 (was absent)
            circuit-breaker: { failures: 101% }                        | circuit-breaker.failures: must be a percentage from 0% to 100% (was 101%)
            circuit-breaker: { failures: 0% }                          | circuit-breaker.slow: must be above 0% when failures is 0% (was absent)
            circuit-breaker: { slow-from: 1s }                         | circuit-breaker.slow-from: is for a share of slow connections (slow: 50%) only (was 1s)
            circuit-breaker: { min-connections: 0 }                    | circuit-breaker.min-connections: must be a whole number from 1 to 1000000 (was 0)
            circuit-breaker: { trials: 1001 }                          | circuit-breaker.trials: must be a whole number from 1 to 1000 (was 1001)
            circuit-breaker: { window: 50ms }                          | circuit-breaker.window: must be a duration from 100ms to 240h (was 50ms)
            circuit-breaker: { open: 50ms }                            | circuit-breaker.open: must be a duration from 100ms to 240h (was 50ms)
            slow-start: 50ms                                           | slow-start: must be a duration from 100ms to 240h (was 50ms)
            slow-start: { curve: linear }                              | slow-start.time: is required (was absent)
            slow-start: { time: 1s, curve: cubic }                     | slow-start.curve: must be one of: exponential, linear (was cubic)
            hold-down: { changes: 1 }                                  | hold-down.changes: must be a whole number from 2 to 100 (was 1)
            limits: { connections: 0 }                                 | limits.connections: must be a whole number from 1 to 10000000 (was 0)
            limits: { queue: 5 }                                       | limits: a queue needs a limit: connections, pending, or max-connections of a backend (was a mapping)
            limits: { connections: 5, queue-timeout: 5s }              | limits.queue-timeout: is for limits with a queue only (was 5s)
            """)
    void shouldExplainWhenPoolIsWrong(String keys, String problem) {
        assertEquals("pools.web." + problem, config.poolProblem(keys + ", backends: [\"a:1\"]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            state: maint              | state: must be one of: drain, maintenance, ready (was maint)
            priority: 16              | priority: must be a whole number from 0 to 15 (was 16)
            backup: 1                 | backup: must be true or false (was 1)
            backup: true, priority: 1 | priority: cannot stand beside backup (was 1)
            max-connections: 0        | max-connections: must be a whole number from 1 to 10000000 (was 0)
            zone: 5                   | zone: must be a name, in quotes (was 5)
            region: "a b"             | region: a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ - (was a b)
            """)
    void shouldExplainWhenBackendIsWrong(String keys, String problem) {
        assertEquals(
                "pools.web.backends[0]." + problem,
                config.poolProblem("backends: [{ address: \"a:1\", " + keys + " }]"));
    }

    @Test
    void shouldReportWhenRingIsSmallerThanPool() {
        String backends =
                IntStream.rangeClosed(1, 1025).mapToObj(i -> "\"b" + i + ":1\"").collect(Collectors.joining(", "));

        assertEquals(
                "pools.web.backends: must be at most as many as ring-size (1024) (was 1025 backends)",
                config.poolProblem("balance: { policy: ring-hash, ring-size: 1024 }, backends: [" + backends + "]"));
    }

    private PoolConfig pool(String keys) {
        return config.pool(keys.replace("\n", " ") + ", backends: [\"a:1\"]");
    }

    private BackendConfig backend(String keys) {
        return config.pool("backends: [{ " + keys + " }]").backends().get(0);
    }
}
