package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import io.penstock.health.HealthCheck.Origin;
import io.penstock.health.HealthCheck.ProxyHeader;
import io.penstock.linux.OpenFds;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(OpenFds.class)
class DatagramProberTest {
    private ProbeRig rig;

    @BeforeEach
    void open() {
        rig = new ProbeRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldFindAnswer() throws Exception {
        assertEquals(ProbeResult.success("answer"), probe(null, "pong", Origin.PLAIN));
        assertEquals(ProbeResult.success("expected answer"), probe(bytes("on"), "pong", Origin.PLAIN));
        assertEquals(ProbeResult.success("expected answer"), probe(regex("^p.*g$"), "pong", Origin.PLAIN));
        String large = "x".repeat(60_000) + "pong";
        assertEquals(ProbeResult.success("expected answer"), probe(regex("pong"), large, Origin.PLAIN));
    }

    @Test
    void shouldFailWhenAnswerIsAnother() throws Exception {
        assertEquals(
                ProbeResult.failure("not the expected answer, but 4 other octets"),
                probe(bytes("ping"), "pong", Origin.PLAIN));
    }

    @Test
    void shouldComeFromSourceAddress() throws Exception {
        Origin origin = new Origin(IpAddress.parse("127.0.0.9"), ProxyHeader.NONE);
        assertEquals(ProbeResult.success("expected answer"), probe(bytes("127.0.0.9"), "FROM", origin));
    }

    @Test
    void shouldFailAtOnceWhenPortIsUnreachable() throws Exception {
        int port = unusedPort();
        assertEquals(ProbeResult.failure("connection refused (ECONNREFUSED)"), rig.probe(udp(null, false), port));
        assertEquals(ProbeResult.failure("connection refused (ECONNREFUSED)"), rig.probe(udp(null, true), port));
    }

    @Test
    void shouldTellSilenceFromAnswer() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), 0))) {
            assertEquals(
                    ProbeResult.failure("no answer within 300 ms"),
                    rig.probe(udp(null, false), silent.getLocalPort(), ProbeRig.SHORT));
            assertEquals(
                    ProbeResult.success("no answer within 300 ms, no ICMP error"),
                    rig.probe(udp(null, true), silent.getLocalPort(), ProbeRig.SHORT));
        }
    }

    /** What a pool of UDP services is checked by unless its file says otherwise. */
    @Test
    void shouldFindOutByAnEmptyDatagramWhetherAPortIsOpen() throws Exception {
        assertEquals(
                ProbeResult.failure("connection refused (ECONNREFUSED)"),
                rig.probe(Probe.Udp.NOTHING_SAID, unusedPort()));
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), 0))) {
            assertEquals(
                    ProbeResult.success("no answer within 300 ms, no ICMP error"),
                    rig.probe(Probe.Udp.NOTHING_SAID, silent.getLocalPort(), ProbeRig.SHORT));
            assertEquals(0, receive(silent).getLength());
        }
    }

    @Test
    void shouldTakeAnyAnswerToAnEmptyDatagramForASuccess() throws Exception {
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), 0))) {
            Endpoint target = new Endpoint(ProbeRig.LOOPBACK, server.getLocalPort());
            Prober prober = rig.begin(Probe.Udp.NOTHING_SAID, target, ProbeRig.LONG, Origin.PLAIN);
            CompletableFuture<ProbeResult> result = rig.start(prober);
            DatagramPacket asked = receive(server);
            asked.setData("time".getBytes(StandardCharsets.US_ASCII));
            server.send(asked);
            assertEquals(ProbeResult.success("answer"), result.get());
        }
    }

    /** Somebody else's datagram to the probe's port is not the target's answer: the kernel drops it. */
    @Test
    void shouldHearFromTargetOnly() throws Exception {
        try (DatagramSocket target = new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), 0));
                DatagramSocket other = new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), 0))) {
            Endpoint endpoint = new Endpoint(ProbeRig.LOOPBACK, target.getLocalPort());
            Prober prober = rig.begin(udp(null, false), endpoint, ProbeRig.LONG, Origin.PLAIN);
            CompletableFuture<ProbeResult> result = rig.start(prober);
            DatagramPacket asked = receive(target);
            asked.setData("spoofed".getBytes(StandardCharsets.US_ASCII));
            other.send(asked);
            asked.setData("right".getBytes(StandardCharsets.US_ASCII));
            target.send(asked);
            assertEquals(ProbeResult.success("answer"), result.get());
        }
    }

    /** The server answers with this; {@code FROM} stands for the address it was asked from. */
    private ProbeResult probe(Probe.Expect expect, String answer, Origin origin) throws Exception {
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), 0))) {
            Endpoint target = new Endpoint(ProbeRig.LOOPBACK, server.getLocalPort());
            Prober prober = rig.begin(udp(expect, false), target, ProbeRig.LONG, origin);
            CompletableFuture<ProbeResult> result = rig.start(prober);
            DatagramPacket packet = receive(server);
            assertEquals("ping", new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
            String text = answer.equals("FROM") ? packet.getAddress().getHostAddress() : answer;
            packet.setData(text.getBytes(StandardCharsets.US_ASCII));
            server.send(packet);
            return result.get();
        }
    }

    private static DatagramPacket receive(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        server.setSoTimeout(20_000);
        server.receive(packet);
        return packet;
    }

    private static int unusedPort() throws IOException {
        try (DatagramSocket unused = new DatagramSocket(new InetSocketAddress(LoopbackServer.loopback(), 0))) {
            assertTrue(unused.isBound());
            return unused.getLocalPort();
        }
    }

    private static Probe udp(Probe.Expect expect, boolean silenceIsSuccess) {
        return new Probe.Udp(Octets.utf8("ping"), Optional.ofNullable(expect), silenceIsSuccess);
    }

    private static Probe.Expect bytes(String text) {
        return new Probe.Expect.Bytes(Octets.utf8(text));
    }

    private static Probe.Expect regex(String regex) {
        return new Probe.Expect.Regex(Pattern.compile(regex));
    }
}
