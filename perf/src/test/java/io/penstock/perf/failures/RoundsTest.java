package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RoundsTest {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(Settings.INTERVAL_MS);

    @Test
    void shouldSpreadRecoveriesEvenlyOverTheInterval() {
        assertEquals(INTERVAL_NS / 2, Rounds.phaseNs(0, 1));
        assertEquals(INTERVAL_NS / 4, Rounds.phaseNs(0, 2));
        assertEquals(INTERVAL_NS * 3 / 4, Rounds.phaseNs(1, 2));
        assertEquals(
                INTERVAL_NS / 2.0,
                IntStream.range(0, 5)
                        .mapToLong(round -> Rounds.phaseNs(round, 5))
                        .average()
                        .orElseThrow());
    }
}
