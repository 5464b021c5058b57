package io.penstock.perf.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

@Timeout(60)
final class ClosedLoopTest {
    private static final IpAddress LOCALHOST = IpAddress.ofIpv4(0x7f000001);

    private final Syscalls syscalls = new LinuxSyscalls();

    @ParameterizedTest
    @EnumSource(Shape.class)
    void shouldLoseNothingWithoutAProxy(Shape shape) throws IOException {
        List<Integer> ports = LoopbackPorts.pick(1);
        for (int size : List.of(24, 1400)) {
            Outcome outcome = run(shape, size, ports.get(0), ports.get(0));

            assertTrue(outcome.answered() > 0, outcome::json);
            assertEquals(0, outcome.lost() + outcome.late() + outcome.wrong(), outcome::json);
            assertEquals(123, outcome.cpuNs());
        }
    }

    @Test
    void shouldCountWhatIsNeverAnsweredAsLost() throws IOException {
        List<Integer> ports = LoopbackPorts.pick(2);

        Outcome outcome = run(Shape.BULK, 64, ports.get(0), ports.get(1));

        assertEquals(0, outcome.answered());
        assertEquals(8 * 32, outcome.lost());
    }

    private Outcome run(Shape shape, int size, int targetPort, int backendPort) throws IOException {
        LoadOrder order = new LoadOrder();
        new CommandLine(order)
                .parseArgs(shape.load()
                        .concat(" --warm-up-ms 10 --measure-ms 50 --target-port " + targetPort + " --size " + size)
                        .split(" "));
        boolean grouping = shape.service().isGrouped();
        long[] clock = {0, 123};
        int[] reads = {0};
        try (ClientSocket clients = new ClientSocket(syscalls, grouping);
                EchoSocket backend = new EchoSocket(syscalls, LOCALHOST, backendPort, grouping)) {
            return new ClosedLoop(clients, backend, order, 1).run(() -> clock[reads[0]++]);
        }
    }
}
