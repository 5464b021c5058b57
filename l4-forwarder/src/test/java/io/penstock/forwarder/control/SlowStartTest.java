package io.penstock.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.PoolConfig.SlowStart.Curve;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SlowStartTest {
    static final int STEPS = SlowStart.STEPS;

    private static final long DAY_NS = 86_400_000_000_000L;

    @Test
    void shouldFollowItsCurve() {
        Duration time = Duration.ofSeconds(20);
        SlowStart linear = new SlowStart(new PoolConfig.SlowStart(time, Curve.LINEAR));
        SlowStart exponential = new SlowStart(new PoolConfig.SlowStart(time, Curve.EXPONENTIAL));
        assertEquals(0.05, linear.share(0), 1e-9);
        assertEquals(0.525, linear.share(time.toNanos() / 2), 1e-9);
        assertEquals(1, linear.share(time.toNanos()), 1e-9);
        assertEquals(0.05, exponential.share(0), 1e-9);
        assertEquals(Math.sqrt(0.05), exponential.share(time.toNanos() / 2), 1e-9, "equal steps are equal factors");
        assertEquals(1, exponential.share(time.toNanos()), 1e-9);
    }

    @Property
    void shouldRiseInBoundedStepsToAllOfTheWeight(
            @ForAll @LongRange(min = 1, max = 10 * DAY_NS) long timeNs, @ForAll Curve curve) {
        SlowStart start = new SlowStart(new PoolConfig.SlowStart(Duration.ofNanos(timeNs), curve));
        long elapsedNs = 0;
        double share = start.share(0);
        int steps = 0;
        while (!start.isOver(elapsedNs)) {
            long next = start.nextStepNs(elapsedNs);
            assertTrue(next > elapsedNs);
            assertEquals(share, start.share(next - 1), 1e-12, "the same until the next step");
            elapsedNs = next;
            assertTrue(start.share(elapsedNs) > share);
            share = start.share(elapsedNs);
            steps++;
        }
        assertEquals(STEPS, steps);
        assertEquals(1, share);
    }

    @Property
    void shouldNeverFallAndEndInTime(
            @ForAll Curve curve, @ForAll @IntRange(max = 1_000) int earlier, @ForAll @IntRange(max = 1_000) int later) {
        SlowStart start = new SlowStart(new PoolConfig.SlowStart(Duration.ofNanos(1_000), curve));
        assertTrue(start.share(Math.min(earlier, later)) <= start.share(Math.max(earlier, later)));
        assertFalse(start.isOver(999));
        assertTrue(start.isOver(1_000));
    }
}
