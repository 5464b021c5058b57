package io.penstock.forwarder.flowlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.config.FlowLogConfig;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SamplingTest {
    private static final int FLOWS = 100_000;

    /** Within four standard deviations of what chance would make of it. */
    @Property(tries = 50)
    void shouldTakeItsShare(@ForAll @IntRange(min = 1, max = FlowLogConfig.ALL) int share) {
        Sampling sampling = new Sampling(share, false);
        int taken = 0;
        for (int i = 1; i <= FLOWS; i++) {
            taken += sampling.takes(Ends.token(i), true) ? 1 : 0;
        }
        double fraction = (double) share / FlowLogConfig.ALL;
        assertEquals(FLOWS * fraction, taken, 4 * Math.sqrt(FLOWS * fraction * (1 - fraction)));
    }

    @Property
    void shouldTakeAllOrNothingWhenToldSo(@ForAll long token, @ForAll boolean failure) {
        assertTrue(new Sampling(FlowLogConfig.ALL, false).takes(token, failure));
        assertFalse(Sampling.NONE.takes(token, failure));
    }

    @Example
    void shouldTakeEachFailureWhenToldSo() {
        Sampling failures = new Sampling(0, true);
        assertTrue(failures.takes(1, true));
        assertFalse(failures.takes(1, false));
    }
}
