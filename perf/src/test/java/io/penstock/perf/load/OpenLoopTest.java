package io.penstock.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.EpollConstants;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class OpenLoopTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final int STALL_MS = 100;
    private static final double STALL_US = STALL_MS * 1_000.0;

    private long stallAfterNs;
    private boolean stalled;

    /** Requests that the generator sent late, by its own fault, are charged from when they were meant to be sent. */
    @Test
    void shouldMeasureFromTheIntendedTimeWhenTheGeneratorItselfStalls() throws IOException {
        Endpoint own =
                new Endpoint(IpAddress.ofIpv4(0x7f000001), LoopbackPorts.pick(1).get(0));
        Syscalls syscalls = new LinuxSyscalls();
        int alwaysReadable = syscalls.eventfd(1, 0);
        try (EventLoop loop = new EventLoop(syscalls);
                Backend backend = new Backend(loop, own);
                Connections connections = new Connections(loop, 10, ResponseSizes.SMALL)) {
            connections.open(own);
            assertEquals(10, backend.open());
            loop.add(alwaysReadable, EpollConstants.EPOLLIN, this::stallOnce);
            stallAfterNs = System.nanoTime() + SECOND_NS / 2;
            LoadResult result =
                    new OpenLoop(loop, connections).run(new RunPlan(own, 10, 0, 1_000, 0, SECOND_NS, Marks.NONE));
            assertEquals(0L, result.number("failures"));
            assertTrue(number(result, "lag_max_us") >= 0.95 * STALL_US, result::toJson);
            assertTrue(number(result, "max_us") >= number(result, "lag_max_us") * 0.99, result::toJson);
            assertTrue(number(result, "p99_us") >= 0.8 * STALL_US, result::toJson);
        } finally {
            syscalls.close(alwaysReadable);
        }
    }

    private void stallOnce(int events) {
        if (!stalled && System.nanoTime() - stallAfterNs >= 0) {
            stalled = true;
            Stall.ofMillis(STALL_MS);
        }
    }

    private static double number(LoadResult result, String name) {
        return result.number(name).doubleValue();
    }
}
