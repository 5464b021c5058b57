package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forwarder.config.PoolConfig.OutlierEjection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EjectionTimeTest {
    private static final long SECOND = 1_000_000_000;

    private final EjectionTime time = new EjectionTime(
            new OutlierEjection(5, 5, 0, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(100), 50));
    private long nowNs = 7 * SECOND;

    @Test
    void shouldGrowWithEachEjectionUpToABound() {
        assertEquals(30, ejectedForS());
        assertEquals(60, ejectedForS());
        assertEquals(90, ejectedForS());
        assertEquals(100, ejectedForS());
        assertEquals(100, ejectedForS());
    }

    @Test
    void shouldShrinkByOneForEachStretchOfGoodTime() {
        ejectedForS();
        ejectedForS();
        assertEquals(90, ejectedForS());
        nowNs += 60 * SECOND;
        assertEquals(60, ejectedForS(), "two of three are forgotten");
        nowNs += 29 * SECOND;
        assertEquals(90, ejectedForS(), "too short to forget");
        nowNs += 3_600 * SECOND;
        assertEquals(30, ejectedForS());
    }

    /** However long it went on, a member is forgiven as fast as one that has just reached the longest time. */
    @Test
    void shouldForgetALongRowFromItsLongestTimeOn() {
        for (int i = 0; i < 1_000; i++) {
            ejectedForS();
        }
        nowNs += 120 * SECOND;
        assertEquals(30, ejectedForS());
    }

    /** Goes on to the end of an ejection that begins now. */
    private long ejectedForS() {
        long timeNs = time.next(nowNs);
        nowNs += timeNs;
        return timeNs / SECOND;
    }
}
