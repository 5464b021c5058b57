package io.penstock.perf.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MachineTimeTest {
    @Test
    void shouldCountIdleWaitingAndStolenTimeAsRest() {
        assertEquals(1_000 + 20 + 3, MachineTime.restTicks("cpu  7 8 9 1000 20 500 600 3 77 0"));
    }

    @Test
    void shouldCallWorkWhatIsNeitherRestNorForeign() {
        MachineTime before = new MachineTime(5_000_000_000L, 2, 1_000, 300);
        MachineTime after = new MachineTime(7_000_000_000L, 2, 1_150, 325);
        // Two CPUs for 2 s, less 1.5 s of rest and 0.25 s of somebody else.
        assertEquals(2.25, after.secondsSince(before), 1e-9);
    }

    @Test
    void shouldSeeTheWorkOfThisProcess() throws Exception {
        MachineTime before = MachineTime.now(List.of());
        long endNs = System.nanoTime() + 300_000_000;
        long turns = 0;
        while (System.nanoTime() - endNs < 0) {
            turns++;
        }
        double seconds = MachineTime.now(List.of()).secondsSince(before);
        assertTrue(turns > 0 && seconds > 0.02, () -> seconds + " s");
    }
}
