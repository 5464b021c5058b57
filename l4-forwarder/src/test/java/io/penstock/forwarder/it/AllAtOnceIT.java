package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several things that happen between two looks of a worker, which is stopped meanwhile, and reach it in one batch. */
@Timeout(60)
class AllAtOnceIT {
    private static final int ROUNDS = 10;

    private enum Side {
        CLIENT,
        BACKEND
    }

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private TestBackend backend;
    private ForwarderProcess forwarder;
    private int before;

    @BeforeEach
    void start() throws Exception {
        backend = TestBackend.byHand();
        forwarder = ForwarderProcess.start(
                directory, ForwarderYaml.of(port, backend).top("workers: 1").text());
        before = forwarder.openKernelObjects();
    }

    @AfterEach
    void stop() {
        forwarder.close();
        backend.close();
    }

    /** One event: data to read, the end of the stream, and an error. */
    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatCameTogetherWithAReset(Side dying) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (Socket client = Clients.connect(port);
                    Socket server = backend.next()) {
                Socket sender = dying == Side.CLIENT ? client : server;
                Socket survivor = dying == Side.CLIENT ? server : client;
                Clients.write(client, "hello");
                assertEquals("hello", Clients.read(server, 5));
                forwarder.freeze();
                Clients.write(sender, "last words");
                Await.until("acknowledged", () -> KernelSockets.unacknowledged(sender) == 0);
                Clients.reset(sender);
                forwarder.thaw();
                assertEquals("last words", Clients.read(survivor, 10));
                Clients.assertReset(survivor);
            }
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(ROUNDS, forwarder.total(dying == Side.CLIENT ? "closed_client_reset" : "closed_backend_reset"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldPassOnDataAndEndThatCameTogether(Side ending) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (Socket client = Clients.connect(port);
                    Socket server = backend.next()) {
                Socket sender = ending == Side.CLIENT ? client : server;
                Socket other = ending == Side.CLIENT ? server : client;
                Clients.write(client, "hello");
                assertEquals("hello", Clients.read(server, 5));
                forwarder.freeze();
                Clients.write(sender, "last words");
                sender.shutdownOutput();
                forwarder.thaw();
                assertEquals("last words", Clients.readToEnd(other));
                Clients.write(other, "goodbye");
                other.shutdownOutput();
                assertEquals("goodbye", Clients.readToEnd(sender));
            }
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(ROUNDS, forwarder.total("closed_completed"));
    }

    @Test
    void shouldServeAClientThatSpokeAndEndedBeforeItWasAccepted() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            forwarder.freeze();
            try (Socket client = Clients.connect(port)) {
                Clients.write(client, "early");
                client.shutdownOutput();
                forwarder.thaw();
                try (Socket server = backend.next()) {
                    assertEquals("early", Clients.readToEnd(server));
                    Clients.write(server, "answer");
                }
                assertEquals("answer", Clients.readToEnd(client));
            }
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(ROUNDS, forwarder.total("closed_completed"));
    }

    @Test
    void shouldForgetAClientThatWasGoneBeforeItWasAccepted() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            forwarder.freeze();
            Socket gone = Clients.connect(port);
            Clients.write(gone, "hello?");
            Clients.reset(gone);
            forwarder.thaw();
            forwarder.awaitKernelObjects(before);
        }
        assertEquals(0, forwarder.stop());
        assertEquals(
                ROUNDS,
                forwarder.total("closed_client_gone") + forwarder.total("closed_client_reset"),
                "known as gone while connecting, or just after");
    }

    @Test
    void shouldEndBothWhenBothEndedInOneBatch() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            try (Socket client = Clients.connect(port);
                    Socket server = backend.next()) {
                Clients.write(client, "hello");
                assertEquals("hello", Clients.read(server, 5));
                forwarder.freeze();
                Clients.write(client, "up");
                Clients.write(server, "down");
                client.shutdownOutput();
                server.shutdownOutput();
                forwarder.thaw();
                assertEquals("down", Clients.readToEnd(client));
                assertEquals("up", Clients.readToEnd(server));
            }
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(ROUNDS, forwarder.total("closed_completed"));
    }

    /**
     * The kernel gives out the lowest free numbers. In one batch: a client's reset ends its connection and frees both
     * descriptors, the next client gets them, and then comes an event of the old backend's socket for a number that is the
     * new one's.
     */
    @Test
    void shouldNotTakeAFormerConnectionsEventsForThoseOfTheOneThatHasItsDescriptors() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Socket doomed = Clients.connect(port);
            Socket doomedServer = backend.next();
            Clients.write(doomed, "hello");
            assertEquals("hello", Clients.read(doomedServer, 5));
            forwarder.freeze();
            Clients.reset(doomed);
            try (Socket client = Clients.connect(port)) {
                Clients.reset(doomedServer);
                forwarder.thaw();
                try (Socket server = backend.next()) {
                    Clients.write(client, "mine");
                    assertEquals("mine", Clients.read(server, 4));
                    Clients.write(server, "yours");
                    assertEquals("yours", Clients.read(client, 5));
                }
                Clients.assertEnded(client);
            }
        }
        forwarder.awaitKernelObjects(before);
        assertEquals(0, forwarder.stop());
        assertEquals(ROUNDS, forwarder.total("closed_completed"));
        assertEquals(ROUNDS, forwarder.total("closed_client_reset") + forwarder.total("closed_backend_reset"));
        assertTrue(forwarder.total("stale_events") > 0, forwarder.log());
    }
}
