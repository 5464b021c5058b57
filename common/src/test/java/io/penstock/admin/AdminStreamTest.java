package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of events between the real client and the real server. */
@Timeout(60)
class AdminStreamTest {
    private static final String STREAM = AdminRig.request("GET /events", "", "");

    private final BlockingQueue<EventSink> sinks = new LinkedBlockingQueue<>();
    private final BlockingQueue<AdminRequest> requests = new LinkedBlockingQueue<>();
    private final Router router = new Router()
            .stream(
                            "/events",
                            (request, sink) -> {
                                if (request.parameter("since").isPresent()) {
                                    throw RequestException.badRequest("no since");
                                }
                                requests.add(request);
                                sinks.add(sink);
                            },
                            "since")
                    .get("/thing", request -> AdminResponse.text(200, "a thing"));
    private AdminRig rig;
    private AdminClient client;

    @BeforeEach
    void start() throws IOException {
        rig = new AdminRig(router);
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    private static ServerSentEvent event(long id) {
        return new ServerSentEvent(id, "test", "number " + id);
    }

    private CompletableFuture<Reply> follow(long lastEventId, Consumer<ServerSentEvent> consumer) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread follower = new Thread(() -> {
            try {
                reply.complete(client.stream("/events", lastEventId, consumer));
            } catch (NoAnswerException | InterruptedException e) {
                reply.completeExceptionally(e);
            }
        });
        follower.setDaemon(true);
        follower.start();
        return reply;
    }

    @Test
    void shouldCarryEventsUntilTheServerEndsThem() throws Exception {
        List<ServerSentEvent> seen = new ArrayList<>();
        CompletableFuture<Reply> reply = follow(7, seen::add);
        EventSink sink = sinks.take();
        assertEquals(7, requests.take().lastEventId().orElseThrow());
        ServerSentEvent lines = new ServerSentEvent(ServerSentEvent.NO_ID, "gap", "one\n\ntwo: größer\n");
        assertTrue(sink.trySend(event(8)));
        assertTrue(sink.trySend(lines));
        assertTrue(sink.trySend(event(9)));
        sink.close();
        assertFalse(sink.trySend(event(10)));
        assertEquals(new Reply(200, ""), reply.get());
        assertEquals(List.of(event(8), lines, event(9)), seen);
    }

    @Test
    void shouldAnswerOthersMeanwhile() throws Exception {
        CompletableFuture<Reply> reply = follow(0, event -> {});
        EventSink sink = sinks.take();
        assertTrue(requests.take().lastEventId().isEmpty());
        assertEquals(new Reply(200, "a thing\n"), client.send("GET", "/thing", Optional.empty()));
        sink.close();
        assertTrue(reply.get().isSuccess());
    }

    @Test
    void shouldRefuseAsOtherRoutesDo() throws Exception {
        Reply reply = client.stream("/events?since=1", 0, event -> {});
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("no since"), reply.body());
        assertEquals(404, client.stream("/nothing", 0, event -> {}).status());
    }

    @Test
    void shouldSendTheHeadBeforeThereIsAnyEvent() throws Exception {
        try (Socket socket = rig.connect()) {
            socket.getOutputStream().write(STREAM.getBytes(StandardCharsets.UTF_8));
            assertEquals('H', socket.getInputStream().read());
            sinks.take().close();
            String head = AdminRig.readAll(socket);
            assertTrue(head.contains("content-type: text/event-stream\r\n"), head);
            assertTrue(head.contains("transfer-encoding: chunked\r\n"), head);
            assertTrue(head.endsWith("\r\n\r\n0\r\n\r\n"), head);
        }
    }

    @Test
    void shouldEndAStreamOfHttp10WithItsConnection() throws Exception {
        try (Socket socket = rig.connect()) {
            socket.getOutputStream().write("GET /events HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            EventSink sink = sinks.take();
            assertTrue(sink.trySend(event(1)));
            sink.close();
            String answer = AdminRig.readAll(socket);
            assertTrue(answer.endsWith("\r\n\r\nid: 1\nevent: test\ndata: number 1\n\n"), answer);
        }
    }

    @Test
    void shouldAnswerHeadWithoutAStream() throws Exception {
        String answer = rig.exchange(AdminRig.request("HEAD /events", "", ""));
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(sinks.isEmpty());
    }

    @Test
    void shouldTellWhenTheClientGoes() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        EventSink sink;
        try (Socket socket = rig.connect()) {
            socket.getOutputStream().write(STREAM.getBytes(StandardCharsets.UTF_8));
            assertEquals('H', socket.getInputStream().read());
            sink = sinks.take();
            sink.onClosed(closed::countDown);
            socket.getOutputStream().write("what is this, while a stream runs?".getBytes(StandardCharsets.UTF_8));
        }
        closed.await();
        assertFalse(sink.trySend(event(1)));
    }

    @Test
    void shouldBoundStreams() throws Exception {
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        List<EventSink> open = new ArrayList<>();
        for (int i = 0; i < EventStreams.MAX_STREAMS; i++) {
            replies.add(follow(0, event -> {}));
            open.add(sinks.take());
        }
        assertEquals(503, client.stream("/events", 0, event -> {}).status());
        open.get(0).close();
        assertTrue(replies.get(0).get().isSuccess());
        // The server learns a moment after its client that the connection is gone.
        CompletableFuture<Reply> again = follow(0, event -> {});
        while (sinks.isEmpty()) {
            if (again.isDone()) {
                assertEquals(503, again.get().status());
                again = follow(0, event -> {});
            }
            Thread.onSpinWait();
        }
        sinks.take().close();
        assertTrue(again.get().isSuccess());
        open.forEach(EventSink::close);
    }

    @Test
    void shouldCutOffAClientThatReadsNothing() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Socket socket = rig.connect()) {
            socket.getOutputStream().write(STREAM.getBytes(StandardCharsets.UTF_8));
            EventSink sink = sinks.take();
            sink.onClosed(closed::countDown);
            ServerSentEvent large = new ServerSentEvent(1, "test", "x".repeat(1 << 16));
            // Sixteen times what may wait here; the kernel takes some of it.
            int sent = 0;
            while (sent < 1_024 && sink.trySend(large)) {
                sent++;
            }
            assertTrue(sent < 1_024, "it took " + sent);
            closed.await();
        }
    }

    @Test
    void shouldEndStreamsWhenItStopsListening() throws Exception {
        CompletableFuture<Reply> reply = follow(0, event -> {});
        EventSink sink = sinks.take();
        assertTrue(sink.trySend(event(1)));
        rig.server().stopListening();
        assertEquals(new Reply(200, ""), reply.get());
        assertFalse(sink.trySend(event(2)));
    }

    @Test
    void shouldSayThatAStreamBrokeOff() throws Exception {
        try (ServerSocket broken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AdminClient other = new AdminClient(
                        AdminAddress.parse("127.0.0.1:" + broken.getLocalPort()).orElseThrow(),
                        Duration.ofSeconds(20))) {
            Thread server = new Thread(() -> {
                try (Socket socket = broken.accept()) {
                    socket.getInputStream().read(new byte[4_096]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata:\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            server.start();
            NoAnswerException failure =
                    assertThrows(NoAnswerException.class, () -> other.stream("/events", 0, event -> {}));
            assertTrue(failure.getMessage().endsWith("it closed the connection"), failure.getMessage());
            server.join();
        }
    }
}
