package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LoadResultTest {
    @Test
    void shouldWriteOneLineOfPlainNumbersInTheirOrder() {
        LoadResult result =
                new LoadResult().put("units", 12L).put("seconds", 3.0004).put("failures", 0L);
        assertEquals("{\"units\":12,\"seconds\":3.0,\"failures\":0}", result.toJson());
    }

    @Test
    void shouldKeepThePlaceOfANumberThatIsPutAgain() {
        LoadResult result = new LoadResult().put("failures", 0L).put("idle", 5L).put("failures", 2L);
        assertEquals("{\"failures\":2,\"idle\":5}", result.toJson());
    }

    @Test
    void shouldNameLatencies() {
        Latencies latencies = new Latencies();
        latencies.record(1_000);
        assertEquals(
                "{\"first_mean_us\":1.0,\"first_p50_us\":1.0,\"first_p99_us\":1.0,\"first_p999_us\":1.0,"
                        + "\"first_max_us\":1.0}",
                new LoadResult().putLatencies("first_", latencies).toJson());
    }
}
