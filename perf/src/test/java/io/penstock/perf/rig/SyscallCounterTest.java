package io.penstock.perf.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class SyscallCounterTest {
    @Test
    void shouldReadTheCountsOfPerf() throws IOException {
        SyscallCounter.Counts counts = SyscallCounter.parse("""
                # started on Sat Nov 21 16:08:55 2026

                1731,,raw_syscalls:sys_enter,20150237,100.00,,
                12,,syscalls:sys_enter_splice,1903553,100.00,,
                """);
        assertEquals(1_731, counts.calls());
        assertEquals(12, counts.splices());
    }

    @Test
    void shouldFailWhenPerfCountedNothing() {
        assertThrows(IOException.class, () -> SyscallCounter.parse("# started on Sat Nov 21 16:08:55 2026\n"));
        assertThrows(
                IOException.class, () -> SyscallCounter.parse("<not counted>,,raw_syscalls:sys_enter,0,100.00,,\n"));
    }
}
