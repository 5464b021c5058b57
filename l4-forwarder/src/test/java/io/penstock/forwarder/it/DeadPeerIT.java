package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that are gone without a word, in a network namespace that loses their packets. */
@Timeout(60)
class DeadPeerIT {
    private static final String CLIENT_ADDRESS = "127.0.0.3";
    private static final String BACKEND_ADDRESS = "127.0.0.2";
    private static final int SMALL_BUFFER = 32 << 10;

    private enum Side {
        CLIENT(CLIENT_ADDRESS),
        BACKEND(BACKEND_ADDRESS);

        private final String address;

        Side(String address) {
            this.address = address;
        }

        String counter() {
            return "closed_" + name().toLowerCase(Locale.ROOT) + "_timed_out";
        }
    }

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NetworkNamespace net;
    private TestBackend backend;

    @BeforeEach
    void start() throws Exception {
        net = NetworkNamespace.create();
        backend = net.call(() -> TestBackend.byHandAt(BACKEND_ADDRESS, SMALL_BUFFER));
    }

    @AfterEach
    void stop() {
        if (backend != null) {
            backend.close();
        }
        net.close();
    }

    /** Short of any idle timeout, and nothing is in flight: only a probe can find it. */
    @ParameterizedTest
    @EnumSource
    void shouldResetTheOtherSideWhenProbesOfAnIdleOneStayUnanswered(Side vanishing) throws Exception {
        try (ForwarderProcess forwarder = start("keepalive: { idle: 1s, interval: 1s, probes: 2 }");
                Socket client = connect();
                Socket server = backend.next()) {
            Clients.write(client, "hello");
            assertEquals("hello", Clients.read(server, 5));
            net.vanish(vanishing.address);
            Clients.assertReset(vanishing == Side.CLIENT ? server : client);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total(vanishing.counter()));
        }
    }

    /** The other side of the same test: a peer that answers probes is not cut off. */
    @Test
    void shouldKeepAnIdleConnectionWhosePeersAnswerProbes() throws Exception {
        try (ForwarderProcess forwarder = start("keepalive: { idle: 1s, interval: 1s, probes: 1 }");
                Socket client = connect();
                Socket server = backend.next();
                Socket vanished = connect();
                Socket vanishedServer = backend.next()) {
            Clients.write(vanished, "hello");
            assertEquals("hello", Clients.read(vanishedServer, 5));
            // Loses the packets of one connection only; once that is found dead, the other has been probed as often.
            net.vanish(CLIENT_ADDRESS, vanished.getLocalPort());
            Clients.assertReset(vanishedServer);
            Clients.write(client, "still here");
            assertEquals("still here", Clients.read(server, 10));
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total(Side.CLIENT.counter()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldResetTheOtherSideWhenDataToAVanishedOneStaysUnacknowledged(Side vanishing) throws Exception {
        try (ForwarderProcess forwarder = start("keepalive: none, user-timeout: 1s");
                Socket client = connect();
                Socket server = backend.next()) {
            Clients.write(client, "hello");
            assertEquals("hello", Clients.read(server, 5));
            net.vanish(vanishing.address);
            Socket survivor = vanishing == Side.CLIENT ? server : client;
            Clients.write(survivor, "lost");
            Clients.assertReset(survivor);
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total(vanishing.counter()));
        }
    }

    /** What the README warns of: the peer is well, and does not read. */
    @ParameterizedTest
    @EnumSource
    void shouldCutOffAPeerWhoseWindowStaysClosedForTheUserTimeout(Side silent) throws Exception {
        try (ForwarderProcess forwarder = start("keepalive: none, user-timeout: 1s");
                Socket client = connect();
                Socket server = backend.next()) {
            Socket writer = silent == Side.CLIENT ? server : client;
            SocketException cut = assertThrows(SocketException.class, () -> writeForEver(writer));
            assertTrue(cut.getMessage().contains("reset") || cut.getMessage().contains("pipe"), cut.toString());
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total(silent.counter()));
        }
    }

    private static void writeForEver(Socket writer) throws IOException {
        byte[] some = new byte[SMALL_BUFFER];
        while (true) {
            writer.getOutputStream().write(some);
        }
    }

    /** With a connect timeout so short that the backend's side has its options soon. */
    private ForwarderProcess start(String options) throws Exception {
        String yaml = ForwarderYaml.of(port, backend)
                .service("timeouts: { connect: 100ms }")
                .service("tcp: { " + options + " }")
                .text();
        return net.call(() -> ForwarderProcess.start(directory, yaml));
    }

    private Socket connect() throws Exception {
        return net.call(() -> {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(SMALL_BUFFER);
            return Clients.connectFrom(socket, CLIENT_ADDRESS, port);
        });
    }
}
