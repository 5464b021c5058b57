package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.table.UdpOptions;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Neither a datagram nor a session allocates anything once the code is compiled: what is allocated for one is allocated in
 * every batch, what the JVM does on its own when it compiles is not.
 */
@Timeout(120)
@ExtendWith(OpenFds.class)
class UdpAllocationTest {
    private static final int ROUND_TRIPS = 5_000;

    @ParameterizedTest(name = "{0} replies expected")
    @ValueSource(ints = {UdpOptions.ANY, 1})
    void shouldAllocateNothingPerDatagramAndPerSession(int responses) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1");
                RunningUdp running = RunningUdp.start(RunningUdp.service(
                        RunningUdp.options(false, responses, 60 * RunningUdp.SECOND_NS, 0),
                        RunningUdp.backend(server)))) {
            DatagramSocket client = running.client();
            long fewest = Long.MAX_VALUE;
            for (int batch = 0; batch < 10 && fewest > 0; batch++) {
                long before = threads.getThreadAllocatedBytes(running.threadId());
                for (int i = 0; i < ROUND_TRIPS; i++) {
                    running.send(client, (byte) i);
                    DatagramPacket query = RunningUdp.receive(server);
                    server.send(query);
                    RunningUdp.receive(client);
                }
                fewest = Math.min(fewest, threads.getThreadAllocatedBytes(running.threadId()) - before);
            }
            assertEquals(0, fewest, "bytes for " + ROUND_TRIPS + " round trips in the best of ten batches");
            long sessions = running.counter(UdpCounter.SESSIONS_OPENED);
            assertEquals(responses == UdpOptions.ANY, sessions == 1, sessions + " sessions");
        }
    }
}
