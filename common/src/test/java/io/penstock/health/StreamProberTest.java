package io.penstock.health;

import static io.penstock.health.ProbeResult.Outcome.FAILURE;
import static io.penstock.health.ProbeResult.Outcome.SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import io.penstock.health.HealthCheck.Origin;
import io.penstock.health.HealthCheck.ProxyHeader;
import io.penstock.linux.OpenFds;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@ExtendWith(OpenFds.class)
class StreamProberTest {
    private static final String V2_SIGNATURE = "0d0a0d0a000d0a515549540a";

    private ProbeRig rig;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() {
        rig = new ProbeRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldConnect() throws Exception {
        try (LoopbackServer server = LoopbackServer.sending("")) {
            assertEquals(ProbeResult.success("connected"), rig.probe(new Probe.Tcp(), server.port()));
        }
    }

    @Test
    void shouldSayWhenNobodyListens() throws Exception {
        assertEquals(
                ProbeResult.failure("connection refused (ECONNREFUSED)"),
                rig.probe(new Probe.Tcp(), LoopbackServer.freePort()));
    }

    /** A full accept queue: the kernel drops what comes then, as a firewall would. */
    @Test
    void shouldSayWhenNobodyAnswersConnects() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, LoopbackServer.loopback());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertTrue(first.isConnected() && second.isConnected());
            assertEquals(
                    ProbeResult.failure("no connection within 300 ms"),
                    rig.probe(new Probe.Tcp(), full.getLocalPort(), ProbeRig.SHORT));
        }
    }

    @Test
    void shouldConnectOverIpv6() throws Exception {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        try (LoopbackServer server = new LoopbackServer(new ServerSocket(0, 50, loopback), this::hear)) {
            Origin origin = new Origin(Optional.empty(), ProxyHeader.V1);
            Endpoint target = new Endpoint(IpAddress.of(loopback), server.port());
            assertEquals(
                    SUCCESS,
                    rig.probe(ping("\n"), target, ProbeRig.LONG, origin).outcome());
            String line = heard.poll(10, TimeUnit.SECONDS);
            assertTrue(line.matches("PROXY TCP6 ::1 ::1 \\d+ " + server.port() + "\r\nPING\n"), line);
        }
    }

    @Test
    void shouldComeFromSourceAddress() throws Exception {
        try (LoopbackServer server = new LoopbackServer(client -> {
            heard.add(client.getInetAddress().getHostAddress());
        })) {
            Origin origin = new Origin(IpAddress.parse("127.0.0.9"), ProxyHeader.NONE);
            Endpoint target = new Endpoint(ProbeRig.LOOPBACK, server.port());
            assertEquals(
                    SUCCESS,
                    rig.probe(new Probe.Tcp(), target, ProbeRig.LONG, origin).outcome());
            assertEquals("127.0.0.9", heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldFailWhenSourceIsNotOfThisHost() throws Exception {
        Origin origin = new Origin(IpAddress.parse("192.0.2.1"), ProxyHeader.NONE);
        Endpoint target = new Endpoint(ProbeRig.LOOPBACK, LoopbackServer.freePort());
        ProbeResult result = rig.probe(new Probe.Tcp(), target, ProbeRig.LONG, origin);
        assertEquals(FAILURE, result.outcome());
        assertTrue(result.evidence().contains("EADDRNOTAVAIL"), result.evidence());
    }

    @Test
    void shouldSendProxyHeaderFirst() throws Exception {
        try (LoopbackServer server = new LoopbackServer(this::hear)) {
            Endpoint target = new Endpoint(ProbeRig.LOOPBACK, server.port());
            rig.probe(ping("\n"), target, ProbeRig.LONG, new Origin(Optional.empty(), ProxyHeader.V1));
            String line = heard.poll(10, TimeUnit.SECONDS);
            assertTrue(line.matches("PROXY TCP4 127.0.0.1 127.0.0.1 \\d+ " + server.port() + "\r\nPING\n"), line);
            rig.probe(ping("\n"), target, ProbeRig.LONG, new Origin(Optional.empty(), ProxyHeader.V2));
            byte[] octets = heard.poll(10, TimeUnit.SECONDS).getBytes(StandardCharsets.ISO_8859_1);
            assertEquals(
                    V2_SIGNATURE + "20000000" + "50494e470a", HexFormat.of().formatHex(octets));
        }
    }

    /** Says what it heard up to PING and the end of the line, and answers. */
    private void hear(Socket client) throws IOException {
        heard.add(LoopbackServer.readUntil(client, "PING\n"));
        client.getOutputStream().write("+PONG\n".getBytes(StandardCharsets.US_ASCII));
        LoopbackServer.awaitEnd(client);
    }

    private static Probe ping(String lineEnd) {
        return exchange("PING" + lineEnd, bytes("+PONG"));
    }

    private static Probe exchange(String send, Probe.Expect expect) {
        return new Probe.Exchange(Octets.utf8(send), Optional.ofNullable(expect), Optional.empty());
    }

    private static Probe.Expect bytes(String text) {
        return new Probe.Expect.Bytes(Octets.utf8(text));
    }

    private static Probe.Expect regex(String regex) {
        return new Probe.Expect.Regex(Pattern.compile(regex));
    }

    @Test
    void shouldSucceedWhenSentAndNothingIsExpected() throws Exception {
        try (LoopbackServer server = new LoopbackServer(client -> {
            heard.add(LoopbackServer.readUntil(client, "QUIT"));
        })) {
            assertEquals(ProbeResult.success("sent"), rig.probe(exchange("QUIT", null), server.port()));
            assertEquals("QUIT", heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldFindAnswerThatComesInPieces() throws Exception {
        try (LoopbackServer server = new LoopbackServer(client -> {
            client.setTcpNoDelay(true);
            for (char c : "220 mail.test ESMTP ready".toCharArray()) {
                client.getOutputStream().write(c);
            }
            LoopbackServer.awaitEnd(client);
        })) {
            assertEquals(
                    ProbeResult.success("expected answer"), rig.probe(exchange("", bytes("ESMTP r")), server.port()));
            assertEquals(
                    ProbeResult.success("expected answer"),
                    rig.probe(exchange("", regex("^220 .* re[a-d]+y$")), server.port()));
        }
    }

    @Test
    void shouldFailWhenAnswerIsAnother() throws Exception {
        try (LoopbackServer server = new LoopbackServer(client -> {
            client.getOutputStream().write("-LOADING".getBytes(StandardCharsets.US_ASCII));
        })) {
            ProbeResult expected = ProbeResult.failure("connection closed without the expected answer, after 8 octets");
            assertEquals(expected, rig.probe(exchange("", bytes("+PONG")), server.port()));
            assertEquals(expected, rig.probe(exchange("", regex("PONG")), server.port()));
        }
    }

    /** The limit is 64 KiB: what ends there is found, one octet later is not. */
    @ParameterizedTest
    @CsvSource({"65532, SUCCESS", "65533, FAILURE"})
    void shouldLookAtFirst64KiB(int before, ProbeResult.Outcome outcome) throws Exception {
        try (LoopbackServer server = LoopbackServer.sending("x".repeat(before) + "PONG" + "x".repeat(9))) {
            assertEquals(
                    outcome,
                    rig.probe(exchange("", bytes("PONG")), server.port()).outcome());
            assertEquals(
                    outcome,
                    rig.probe(exchange("", regex("PONG")), server.port()).outcome());
        }
    }

    @Test
    void shouldHaveNoResultWhenCancelled() throws Exception {
        try (LoopbackServer server = new LoopbackServer(client -> {
            heard.add("connected");
            LoopbackServer.awaitEnd(client);
        })) {
            Endpoint target = new Endpoint(ProbeRig.LOOPBACK, server.port());
            Prober prober = rig.begin(ping("\n"), target, ProbeRig.LONG, Origin.PLAIN);
            CompletableFuture<ProbeResult> result = rig.start(prober);
            assertEquals("connected", heard.poll(10, TimeUnit.SECONDS));
            rig.cancel(prober);
            assertFalse(result.isDone());
        }
    }

    @Test
    void shouldSayWhatWasAwaited() throws Exception {
        try (LoopbackServer server = LoopbackServer.sending("")) {
            assertEquals(
                    ProbeResult.failure("no expected answer within 300 ms"),
                    rig.probe(ping("\n"), server.port(), ProbeRig.SHORT));
            assertEquals(
                    FAILURE,
                    rig.probe(exchange("", regex("x")), server.port(), ProbeRig.SHORT)
                            .outcome());
        }
    }
}
