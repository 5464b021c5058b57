package io.penstock.perf.failures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RoundsTest {
    private static final long MOMENT_NS = TimeUnit.MILLISECONDS.toNanos(Settings.FAST_INTERVAL_MS);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(Settings.INTERVAL_MS);

    @Test
    void shouldSpreadRecoveriesEvenlyOverTheInterval() {
        assertEquals(INTERVAL_NS / 4, Rounds.phaseNs(0, 1));
        assertEquals(INTERVAL_NS / 8, Rounds.phaseNs(0, 2));
        assertEquals(INTERVAL_NS * 5 / 8, Rounds.phaseNs(1, 2));
    }

    @Test
    void shouldKeepAwayFromTheMomentsAtWhichChecksBeginAndTimeOut() {
        for (int rounds = 1; rounds <= 5; rounds++) {
            for (int round = 0; round < rounds; round++) {
                long fromMomentNs = Rounds.phaseNs(round, rounds) % MOMENT_NS;
                long awayNs = Math.min(fromMomentNs, MOMENT_NS - fromMomentNs);
                assertTrue(awayNs >= INTERVAL_NS / 20, "round " + round + " of " + rounds + ": " + awayNs);
            }
        }
    }
}
