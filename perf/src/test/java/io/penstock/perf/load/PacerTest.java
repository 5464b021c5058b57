package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PacerTest {
    private static final double PER_SECOND = 1_000;
    private static final long LENGTH_NS = 200_000_000;
    private static final int STALL_MS = 100;

    private final List<Long> intended = new ArrayList<>();

    @Test
    void shouldKeepToTheScheduleWhenArrivalsWereLate() {
        long startNs = System.nanoTime();
        try (EventLoop loop = new EventLoop(new LinuxSyscalls())) {
            new Pacer(loop, this::arriveSlowly).drive(new ArrivalSchedule(PER_SECOND), startNs, LENGTH_NS);
        }
        List<Long> scheduled = new ArrayList<>();
        ArrivalSchedule schedule = new ArrivalSchedule(PER_SECOND);
        for (long ns = schedule.nextNs(); ns < LENGTH_NS; ns = schedule.nextNs()) {
            scheduled.add(startNs + ns);
        }
        assertEquals(scheduled, intended);
        assertTrue(System.nanoTime() - startNs >= LENGTH_NS);
    }

    /** The last arrivals of the period are due long before they can happen. */
    private void arriveSlowly(long intendedNs, long nowNs) {
        assertTrue(intendedNs <= nowNs);
        intended.add(intendedNs);
        if (intended.size() == 150) {
            Stall.ofMillis(STALL_MS);
        }
    }
}
