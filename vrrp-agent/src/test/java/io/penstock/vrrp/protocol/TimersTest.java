package io.penstock.vrrp.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimersTest {
    private static final long MS = 1_000_000;

    @ParameterizedTest
    @CsvSource({
        // interval, priority, skew, active down
        "1000,   1, 996093750, 3996093750",
        "1000, 100, 609375000, 3609375000",
        "1000, 254,   7812500, 3007812500",
        " 100,   1,  99609375,  399609375",
        " 100, 100,  60937500,  360937500",
        " 100, 254,    781250,  300781250",
        "  10,   1,   9960937,   39960937",
        "  10, 100,   6093750,   36093750",
        "  10, 254,     78125,   30078125"
    })
    void shouldDivideLastInVersion3(long intervalMs, int priority, long skewNs, long downNs) {
        assertEquals(skewNs, Timers.skewNs(Version.V3, intervalMs * MS, priority));
        assertEquals(downNs, Timers.activeDownNs(Version.V3, intervalMs * MS, priority));
    }

    @ParameterizedTest
    @CsvSource({
        "1,     1, 996093750,   3996093750",
        "1,   100, 609375000,   3609375000",
        "255, 254,   7812500, 765007812500"
    })
    void shouldSkewByPartsOfASecondInVersion2(long intervalS, int priority, long skewNs, long downNs) {
        assertEquals(skewNs, Timers.skewNs(Version.V2, intervalS * 1000 * MS, priority));
        assertEquals(downNs, Timers.activeDownNs(Version.V2, intervalS * 1000 * MS, priority));
    }

    @Test
    void shouldBeFasterWithEachStepOfPriorityAtAnyInterval() {
        for (long intervalNs : new long[] {10 * MS, 100 * MS, 1000 * MS, 40_950 * MS}) {
            for (int priority = 1; priority < 254; priority++) {
                long slower = Timers.activeDownNs(Version.V3, intervalNs, priority);
                long faster = Timers.activeDownNs(Version.V3, intervalNs, priority + 1);
                assertTrue(faster < slower && faster > 3 * intervalNs);
            }
        }
    }
}
