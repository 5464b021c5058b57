package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.penstock.linux.OpenFds;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Requests that are almost right, of peers that may and may not, several on one connection, cut off anywhere: each is
 * answered or its connection closed, and afterwards the server holds no descriptor and no buffer more than before.
 */
@Timeout(120)
@ExtendWith(OpenFds.class)
class HttpFuzzTest {
    private static final int CONNECTIONS = 1_500;

    private static final List<String> LINES = List.of(
            "GET /thing HTTP/1.1",
            "HEAD /thing HTTP/1.1",
            "POST /thing HTTP/1.1",
            "DELETE /thing HTTP/1.1",
            "GET /events HTTP/1.1",
            "GET /events HTTP/1.0",
            "PUT /thing HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "CONNECT a:1 HTTP/1.1",
            "GET /%00 HTTP/1.1",
            "GET http://localhost/thing HTTP/1.1",
            "PRI * HTTP/2.0",
            "GET /thing?a=%zz&b HTTP/1.1",
            "TRACE /thing HTTP/1.1",
            "GET /thing",
            "\u0016\u0003\u0001\u0000\u00ff");

    private static final List<String> HEADERS = List.of(
            "Host: localhost",
            "Host: evil.example",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            "Authorization: Bearer " + AdminRig.TOKEN,
            "Authorization: Bearer a-token-for-tests-onlx",
            "Authorization: Basic YTpi",
            "Authorization:",
            "Connection: close",
            "Connection: keep-alive",
            "Connection: upgrade",
            "Upgrade: h2c",
            "Content-Length: 2",
            "Content-Length: 5",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Expect: 100-continue",
            "Expect: the-best",
            "Last-Event-ID: 7",
            "Last-Event-ID: x",
            " folded: line",
            "no colon",
            "Accept: */*",
            "X: " + "y".repeat(9_000));

    private static final List<String> BODIES = List.of(
            "", "{}", "{\"a\":", "2\r\n{}\r\n0\r\n\r\n", "zz\r\n", "ffffffff\r\n", "0\r\n\r\n", "x".repeat(70_000));

    private final Set<String> leaks = ConcurrentHashMap.newKeySet();
    private Level level;

    @BeforeEach
    void watch() {
        level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
    }

    @AfterEach
    void unwatch() {
        ByteBufUtil.setLeakListener(null);
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void shouldAnswerOrCloseAndHoldNothing() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (AdminRig rig = new AdminRig(router())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                play(rig, random, "connection " + i + " of seed " + seed);
            }
            try (AdminClient client = rig.client()) {
                assertEquals(200, client.send("GET", "/thing", Optional.empty()).status());
            }
        }
        findLeaks();
        assertEquals(Set.of(), leaks, "seed " + seed);
    }

    /** That the test above would see one. */
    @Test
    void shouldFindABufferThatNobodyReleases() {
        forget();
        for (int i = 0; i < 100 && leaks.isEmpty(); i++) {
            findLeaks();
        }
        assertFalse(leaks.isEmpty());
    }

    private static void forget() {
        ByteBuf unused = PooledByteBufAllocator.DEFAULT.buffer(16);
    }

    /** They are found by the collector, and told with the next allocation. */
    private static void findLeaks() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.buffer(16).release();
        }
    }

    private static Router router() {
        return new Router()
                        .get("/thing", request -> AdminResponse.text(200, "a thing"), "a")
                        .post("/thing", request -> request.json(body -> AdminResponse.text(200, "" + body.text("a"))))
                        .delete("/thing", request -> AdminResponse.done())
                        .stream("/events", (request, sink) -> {
                    boolean unused = sink.trySend(new ServerSentEvent(1, "test", "text"));
                    if (request.lastEventId().isEmpty()) {
                        sink.close();
                    }
                });
    }

    private static void play(AdminRig rig, Random random, String name) throws IOException {
        byte[] octets = requests(random).getBytes(StandardCharsets.ISO_8859_1);
        if (random.nextInt(4) == 0) {
            octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(octets.length) : octets.length;
        try (Socket socket = rig.connect()) {
            socket.getOutputStream().write(octets, 0, length);
            if (random.nextInt(8) == 0) {
                return;
            }
            socket.shutdownOutput();
            String answer = AdminRig.readAll(socket);
            assertTrue(
                    answer.isEmpty() || answer.startsWith("HTTP/1.") || answer.startsWith("<reset>"),
                    () -> name + ": " + answer);
        } catch (SocketException refusedMeanwhile) {
            // What is wrong is answered before all of it is sent.
        }
    }

    private static String requests(Random random) {
        StringBuilder text = new StringBuilder();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            text.append(pick(random, LINES)).append("\r\n");
            if (random.nextInt(10) > 0) {
                text.append("Host: localhost\r\n");
            }
            if (random.nextInt(3) > 0) {
                text.append("Authorization: Bearer ").append(AdminRig.TOKEN).append("\r\n");
            }
            for (int headers = random.nextInt(4); headers > 0; headers--) {
                text.append(pick(random, HEADERS)).append("\r\n");
            }
            text.append("\r\n").append(pick(random, BODIES));
        }
        return text.toString();
    }

    private static String pick(Random random, List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
