package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenRateTest {
    private static final long ORIGIN_NS = Long.MIN_VALUE / 2;

    /** Against a bucket that counts what it holds, in the smallest parts of a token. */
    @Property
    void shouldLetInWhatABucketOfTokensWould(
            @ForAll @LongRange(min = 1, max = 1000) long intervalNs,
            @ForAll @IntRange(min = 1, max = 20) int burst,
            @ForAll @Size(max = 200) List<@LongRange(max = 3000) Long> pausesNs) {
        TokenRate rate = new TokenRate(intervalNs, burst);
        TokenBucket bucket = new TokenBucket(ORIGIN_NS);
        long nowNs = ORIGIN_NS;
        long held = burst * intervalNs;
        for (long pauseNs : pausesNs) {
            nowNs += pauseNs;
            held = Math.min(burst * intervalNs, held + pauseNs);
            boolean expected = held >= intervalNs;

            assertEquals(expected ? 0 : intervalNs - held, bucket.waitNs(rate, nowNs));
            assertEquals(expected, bucket.tryTake(rate, nowNs));
            held -= expected ? intervalNs : 0;
        }
    }

    @Test
    void shouldHoldNoTraceWhenATokenIsPutBack() {
        TokenRate rate = new TokenRate(100, 2);
        TokenBucket bucket = new TokenBucket(0);
        for (int i = 0; i < 10; i++) {
            assertTrue(bucket.tryTake(rate, 0));
            bucket.putBack(rate);
        }
        assertTrue(bucket.tryTake(rate, 0));
        assertTrue(bucket.tryTake(rate, 0));
        assertFalse(bucket.tryTake(rate, 99));
        assertTrue(bucket.tryTake(rate, 100));
    }

    @Test
    void shouldStandAClockThatIsBehind() {
        TokenRate rate = new TokenRate(100, 1);
        TokenBucket bucket = new TokenBucket(1000);
        assertTrue(bucket.tryTake(rate, 2000));
        assertFalse(bucket.tryTake(rate, 1990));
        assertEquals(110, bucket.waitNs(rate, 1990));
        assertTrue(bucket.tryTake(rate, 2100));
    }

    /** Else whoever raises a limit in need waits for what the old one would have given. */
    @Test
    void shouldNotOweAtTheOldRateWhenAFasterOneComes() {
        TokenRate hourly = new TokenRate(3_600_000_000_000L, 10);
        TokenRate fast = new TokenRate(1_000_000, 10);
        TokenBucket bucket = new TokenBucket(0);
        for (int i = 0; i < 10; i++) {
            assertTrue(bucket.tryTake(hourly, 0));
        }
        assertFalse(bucket.tryTake(hourly, 0));

        assertEquals(0, bucket.waitNs(fast, 0));
        assertTrue(bucket.tryTake(fast, 0));
        assertFalse(bucket.tryTake(fast, 0));
        assertEquals(1_000_000, bucket.waitNs(fast, 0));
        assertTrue(bucket.tryTake(fast, 1_000_000));
    }

    @Test
    void shouldTakeNoClockThatIsBehindForAnotherRate() {
        TokenRate rate = new TokenRate(100, 2);
        TokenBucket bucket = new TokenBucket(0);
        assertTrue(bucket.tryTake(rate, 900_000_000));
        assertTrue(bucket.tryTake(rate, 900_000_000));
        assertFalse(bucket.tryTake(rate, 0));
    }
}
