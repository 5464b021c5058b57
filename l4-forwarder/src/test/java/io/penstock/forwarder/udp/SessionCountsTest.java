package io.penstock.forwarder.udp;

import static io.penstock.forwarder.udp.RunningUdp.SECOND_NS;
import static io.penstock.forwarder.udp.RunningUdp.backend;
import static io.penstock.forwarder.udp.RunningUdp.options;
import static io.penstock.forwarder.udp.RunningUdp.receive;
import static io.penstock.forwarder.udp.RunningUdp.reply;
import static io.penstock.forwarder.udp.RunningUdp.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.balance.BackendTraffic;
import io.penstock.forwarder.balance.FlowOutcome;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.flow.FlowLatencies;
import io.penstock.forwarder.flow.FlowLatencies.Step;
import io.penstock.forwarder.flow.NotedEnds;
import io.penstock.forwarder.flow.NotedEnds.Ended;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.table.UdpOptions;
import io.penstock.forwarder.worker.ResetCause;
import io.penstock.metrics.BucketCounts;
import java.net.DatagramSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is told and counted of a session that ends. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class SessionCountsTest {
    private static final long MINUTE_NS = 60 * SECOND_NS;

    private final NotedEnds ends = new NotedEnds();

    @SuppressWarnings("EnumOrdinal") // as the counts are laid out
    private long ended(RunningUdp running, EndReason reason) {
        return running.worker.proxy().services().ended(0, reason.ordinal());
    }

    private static BucketCounts recorded(RunningUdp running, Step step) {
        BucketCounts counts = new BucketCounts(FlowLatencies.SCALE);
        running.worker.proxy().latencies().addTo(counts, 0, step, System.nanoTime());
        return counts;
    }

    @Test
    void shouldTellAndCountTheSessionThatIsIdle() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1")) {
            Backend backend = backend(server);
            Service service = service(options(false, UdpOptions.ANY, SECOND_NS / 10, 0), backend);
            try (RunningUdp running = RunningUdp.start(service, ends)) {
                DatagramSocket client = running.client();
                running.send(client, (byte) 1, (byte) 2, (byte) 3);
                reply(server, receive(server).getSocketAddress(), (byte) 4);
                assertEquals(1, receive(client).getLength());
                running.awaitSessions(0);
                Ended end = ends.only();
                assertTrue(end.udp());
                assertEquals("IDLE", end.reason());
                assertEquals(backend, end.backend());
                assertEquals(client.getLocalPort(), end.clientPort());
                assertEquals(FlowEnd.NEVER, end.connectNs());
                assertTrue(end.firstByteNs() >= 0 && end.firstByteNs() <= end.tookNs(), end::toString);
                assertEquals(3, end.bytesToBackend());
                assertEquals(1, end.bytesToClient());
                assertEquals(0, end.bytesSpliced());
                assertEquals(1, ended(running, EndReason.IDLE));
                assertEquals(3, running.worker.proxy().services().bytesToBackends(0, false));
                assertEquals(1, running.worker.proxy().services().bytesToClients(0, false));
                BackendTraffic traffic = backend.load().traffic();
                assertEquals(1, traffic.ended(FlowOutcome.TIMED_OUT));
                assertEquals(3, traffic.bytesTo(false));
                assertEquals(1, traffic.bytesFrom(false));
                assertEquals(0, traffic.connects().count(), "a session has no handshake");
                assertEquals(1, traffic.firstBytes().count());
                assertEquals(1, recorded(running, Step.FIRST_BYTE).count());
                assertEquals(1, recorded(running, Step.DURATION).count());
                assertEquals(
                        end.tookNs() / 1e9, recorded(running, Step.DURATION).sum(), 1e-9);
                assertEquals(0, recorded(running, Step.CONNECT).count());
            }
        }
    }

    @Test
    void shouldTellAndCountTheSessionThatIsKilledUnanswered() throws Exception {
        try (DatagramSocket server = RunningUdp.bound("127.0.0.1")) {
            Backend backend = backend(server);
            Service service = service(options(false, UdpOptions.ANY, MINUTE_NS, 0), backend);
            try (RunningUdp running = RunningUdp.start(service, ends)) {
                running.send(running.client(), (byte) 1);
                assertEquals(1, receive(server).getLength());
                running.awaitSessions(1);
                assertEquals(1, running.endAll(ResetCause.KILL));
                assertEquals("KILLED", ends.only().reason());
                assertEquals(FlowEnd.NEVER, ends.only().firstByteNs());
                assertEquals(1, ended(running, EndReason.KILLED));
                assertEquals(1, backend.load().traffic().ended(FlowOutcome.CUT));
                assertEquals(1, backend.load().traffic().bytesTo(false));
                assertEquals(0, recorded(running, Step.FIRST_BYTE).count());
                assertEquals(1, recorded(running, Step.DURATION).count());
            }
        }
    }
}
