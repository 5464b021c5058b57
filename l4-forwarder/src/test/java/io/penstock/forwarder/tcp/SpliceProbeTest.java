package io.penstock.forwarder.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.linux.LinuxSyscalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpliceProbeTest {
    @Test
    void shouldFindThatThisKernelSplicesAndLeaveNothingOpen() throws Exception {
        SpliceProbe.run(new LinuxSyscalls()); // what the first use of a class opens stays open
        long before = openFds();
        assertEquals(0, SpliceProbe.run(new LinuxSyscalls()));
        assertEquals(before, openFds());
    }

    private static long openFds() throws Exception {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        }
    }
}
