package io.penstock.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BootClockTest {
    private static final long NANOS_PER_HUNDREDTH = 10_000_000;

    private final BootClock clock = new BootClock(new LinuxSyscalls());

    /** proc(5): the first number of /proc/uptime is the time since the start, suspended time included, in hundredths. */
    @Test
    void shouldTellTimeSinceStartOfMachine() throws Exception {
        long before = uptimeHundredths();
        long now = clock.nowNs() / NANOS_PER_HUNDREDTH;
        long after = uptimeHundredths();
        assertTrue(before <= now && now <= after, before + " " + now + " " + after);
    }

    @Test
    void shouldNeverGoBack() {
        long last = clock.nowNs();
        for (int i = 0; i < 1_000; i++) {
            long now = clock.nowNs();
            assertTrue(now >= last);
            last = now;
        }
    }

    private static long uptimeHundredths() throws Exception {
        String[] words = Files.readString(Path.of("/proc/uptime")).split(" ", -1);
        return Long.parseLong(words[0].replace(".", ""));
    }
}
