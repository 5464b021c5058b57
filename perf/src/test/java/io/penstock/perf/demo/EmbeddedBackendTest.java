package io.penstock.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.perf.demo.FlowResult.End;
import io.penstock.perf.rig.LoopbackPorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class EmbeddedBackendTest {
    private static final int READ_TIMEOUT_MS = 5_000;

    private EmbeddedBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = new EmbeddedBackend("backend-1", LoopbackPorts.pick(1).get(0));
        backend.start();
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
    }

    @Test
    void shouldEchoToTheFleetWithoutAForwarderBetween() throws Exception {
        ClientFleet fleet = new ClientFleet(address(), 16);
        fleet.start(100);
        assertTrue(fleet.await(20_000));
        assertEquals(100, fleet.completed());
        assertEquals(0, fleet.unfinished());
        for (FlowResult result : fleet.results()) {
            assertEquals(End.OK, result.end(), result::problem);
            assertEquals("backend-1", result.backend());
            assertEquals(FlowProtocol.payloadBytes(result.id()), result.echoedBytes());
        }
        assertEquals(0, backend.corrupted());
    }

    @Test
    void shouldAnswerHttpWithItsName() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(FlowProtocol.ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\nhello from backend-1\n"), answer);
        }
    }

    @Test
    void shouldNoticeAPayloadThatIsNotWhatTheClientSent() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(FlowProtocol.ascii(new FlowProtocol.Hello(1, 3, 0xBAD).line() + "abc"));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("backend-1\nabcend "), answer);
        }
        assertEquals(1, backend.corrupted());
    }

    @Test
    void shouldResetWhatItHeldWhenKilledAndServeAgainWhenStarted() throws IOException {
        try (Socket known = connect();
                Socket silent = connect()) {
            known.getOutputStream().write(FlowProtocol.ascii(new FlowProtocol.Hello(42, 1, 0).line()));
            InputStream in = known.getInputStream();
            assertEquals("backend-1", FlowProtocol.readLine(in));

            Kill kill = backend.kill();

            assertEquals(Set.of(42), kill.openFlows());
            assertEquals(1, kill.anonymousFlows());
            assertThrows(IOException.class, in::read);
            assertThrows(IOException.class, () -> silent.getInputStream().read());
            assertThrows(ConnectException.class, this::connect);
        }
        backend.start();
        shouldAnswerHttpWithItsName();
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), backend.port());
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(READ_TIMEOUT_MS);
        socket.connect(address());
        return socket;
    }
}
