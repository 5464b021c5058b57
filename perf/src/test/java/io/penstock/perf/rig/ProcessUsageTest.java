package io.penstock.perf.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProcessUsageTest {
    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final long SPIN_NS = 50_000_000;

    @Test
    void shouldCountTheTimeOfThreadsThatHaveEnded() throws IOException, InterruptedException {
        ProcessUsage before = ProcessUsage.of(List.of(OWN_PID));
        Thread spinner = new Thread(ProcessUsageTest::spin);
        spinner.start();
        spinner.join();
        long usedNs = ProcessUsage.of(List.of(OWN_PID)).cpuNsSince(before);
        assertTrue(usedNs >= SPIN_NS, () -> usedNs + " ns");
    }

    @Test
    void shouldAddUpTheSwitchesOfThreadsThatLive() {
        ProcessUsage before = new ProcessUsage(0, Map.of(1L, 10L, 2L, 20L));
        ProcessUsage after = new ProcessUsage(0, Map.of(1L, 11L, 3L, 5L));
        assertEquals(6, after.switchesSince(before));
    }

    @Test
    void shouldFailWhenTheProcessHasEnded() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThrows(IOException.class, () -> ProcessUsage.of(List.of(ended.pid())));
    }

    @Test
    void shouldSeeMemoryAndItsPeak() throws IOException {
        ProcessMemory memory = ProcessMemory.of(List.of(OWN_PID));
        assertTrue(memory.sharedOutBytes() > 0);
        assertTrue(memory.peakBytes() >= memory.sharedOutBytes(), memory::toString);
    }

    /** By the clock of the thread itself, so that it is CPU time however busy the machine is. */
    private static void spin() {
        var threads = java.lang.management.ManagementFactory.getThreadMXBean();
        while (threads.getCurrentThreadCpuTime() < SPIN_NS) {
            Thread.onSpinWait();
        }
    }
}
