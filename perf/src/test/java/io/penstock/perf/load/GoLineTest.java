package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import org.junit.jupiter.api.Test;

final class GoLineTest {
    private static final RunPlan PLAN =
            new RunPlan(new Endpoint(IpAddress.ofIpv4(0x7f000001), 80), 50, 0, 1_000, 0, 1, Marks.NONE);

    @Test
    void shouldRunAsPlannedWhenNoRateIsGiven() {
        assertSame(PLAN, GoLine.parse("go", WorkloadKind.LATENCY, PLAN));
    }

    @Test
    void shouldRunAtTheRateThatIsGiven() {
        assertEquals(
                2_500.5, GoLine.parse("go 2500.5", WorkloadKind.LATENCY, PLAN).rate());
        assertEquals(0, GoLine.parse("go 0", WorkloadKind.LATENCY, PLAN).rate());
        assertEquals(7, GoLine.parse("go 7", WorkloadKind.COLD, PLAN).rate());
    }

    @Test
    void shouldRefuseARateTheWorkloadHasNot() {
        assertRefused("go 0", WorkloadKind.COLD);
        assertRefused("go 5", WorkloadKind.MANY);
        assertRefused("go -1", WorkloadKind.LATENCY);
        assertRefused("go 1000001", WorkloadKind.LATENCY);
        assertRefused("go NaN", WorkloadKind.LATENCY);
        assertRefused("go fast", WorkloadKind.LATENCY);
    }

    @Test
    void shouldRefuseOtherWords() {
        assertRefused("", WorkloadKind.LATENCY);
        assertRefused("gone", WorkloadKind.LATENCY);
    }

    private static void assertRefused(String line, WorkloadKind kind) {
        assertThrows(LoadException.class, () -> GoLine.parse(line, kind, PLAN));
    }
}
