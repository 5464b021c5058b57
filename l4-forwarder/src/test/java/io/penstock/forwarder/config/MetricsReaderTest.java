package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsReaderTest {
    private final ForwarderConfigs config = new ForwarderConfigs();

    @AfterEach
    void close() {
        config.close();
    }

    private static String yaml(String metrics) {
        return metrics + """

                services: { web: { listen: "127.0.0.1:80" } }
                pools: { web: { backends: ["127.0.0.1:8080"] } }
                """;
    }

    private MetricsConfig read(String metrics) {
        return config.read(yaml(metrics)).process().metrics();
    }

    @Test
    void shouldMeasureEverythingWhenNothingIsSaid() {
        assertEquals(MetricsConfig.DEFAULT, read(""));
        assertEquals(MetricsConfig.DEFAULT, read("metrics: { tcp-info: 1s }"));
        assertEquals(MetricsConfig.DEFAULT, read("metrics: { latencies: auto }"));
    }

    @Test
    void shouldReadEveryKey() {
        assertEquals(
                new MetricsConfig(false, Optional.of(Duration.ofMillis(100))),
                read("metrics: { latencies: none, tcp-info: 100ms }"));
        assertEquals(MetricsConfig.NONE, read("metrics: { latencies: none, tcp-info: none }"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            latencies: never | metrics.latencies: must be one of: auto, none (was never)
            tcp-info: never  | metrics.tcp-info: must be none, or a duration such as 1s or 10s (was never)
            tcp-info: 5      | metrics.tcp-info: needs a unit, such as 5ms or 5s (was 5)
            tcp-info: 99ms   | metrics.tcp-info: must be a duration from 100ms to 1h (was 99ms)
            tcp-info: 2h     | metrics.tcp-info: must be a duration from 100ms to 1h (was 2h)
            tcp-info: [1s]   | metrics.tcp-info: must be none, or a duration such as 1s or 10s (was a list)
            """)
    void shouldReportWhatDoesNotFit(String entry, String problem) {
        assertEquals(problem, config.onlyProblem(yaml("metrics: { " + entry + " }")));
    }
}
