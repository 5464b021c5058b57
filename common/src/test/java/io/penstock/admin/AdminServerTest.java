package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.penstock.admin.AdminClient.Reply;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AdminServerTest {
    private static final String JSON = "Content-Type: application/json\r\n" + AdminRig.AUTHORIZATION;

    @TempDir
    private Path directory;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Router router = new Router()
            .get("/thing", request -> AdminResponse.json(new JsonPrimitive("a thing")), "size")
            .post("/thing", request -> {
                String name = request.json(body -> body.required("name", body.text("name")));
                return AdminResponse.json(201, new JsonPrimitive(name));
            })
            .delete("/things/{which}", request -> AdminResponse.text(200, request.segment("which")))
            .get("/slow", request -> {
                awaitRelease();
                return AdminResponse.done();
            })
            .get("/bug", request -> {
                throw new IllegalStateException("for a test");
            });
    private AdminRig rig;

    private void awaitRelease() {
        entered.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void start() throws IOException {
        rig = new AdminRig(router);
    }

    @AfterEach
    void stop() {
        release.countDown();
        rig.close();
    }

    @Test
    void shouldAnswerByRoute() throws IOException {
        String answer = rig.exchange(AdminRig.request("GET /thing?size=1", "", ""));
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.contains("content-type: application/json\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n\"a thing\"\n"), answer);
    }

    @Test
    void shouldSendNoBodyButItsLengthWhenAskedWithHead() throws IOException {
        String answer = rig.exchange(AdminRig.request("HEAD /thing", "", ""));
        assertTrue(answer.contains("content-length: 10\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
    }

    @Test
    void shouldDecodeSegmentsOfThePath() throws IOException {
        assertTrue(rig.exchange(AdminRig.request("DELETE /things/10.0.0.1:80%2Fa+b", AdminRig.AUTHORIZATION, ""))
                .endsWith("\r\n\r\n10.0.0.1:80/a+b\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /nothing          | 404 Not Found              | no such resource: /nothing
            GET /things/          | 404 Not Found              | no such resource
            GET /things/a/b       | 404 Not Found              | no such resource
            PUT /thing            | 415 Unsupported Media Type | send Content-Type: application/json
            POST /thing           | 415 Unsupported Media Type | send Content-Type: application/json
            DELETE /thing         | 405 Method Not Allowed     | not for DELETE; allowed: GET, HEAD, POST
            OPTIONS /thing        | 405 Method Not Allowed     | not for OPTIONS
            GET /thing?colour=red | 400 Bad Request            | unknown parameter 'colour'; known here: size
            GET /thing?size=1&size=2 | 400 Bad Request         | parameter 'size' comes more than once
            GET /thing?size=%zz   | 400 Bad Request            | wrongly encoded
            GET /%zz              | 400 Bad Request            | the path is wrongly encoded
            GET thing             | 400 Bad Request            | the path must begin with '/'
            GET /bug              | 500 Internal Server Error  | the log says more
            """)
    void shouldSayAsJsonWhatIsWrong(String line, String status, String message) throws IOException {
        assertRefused(rig.exchange(AdminRig.request(line, AdminRig.AUTHORIZATION, "")), status, message);
    }

    private static void assertRefused(String answer, String status, String message) throws IOException {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        String error = Json.parse(body).getAsJsonObject().get("error").getAsString();
        assertTrue(error.contains(message), error);
    }

    @Test
    void shouldNameTheMethodsThatAResourceHas() throws IOException {
        String answer = rig.exchange(AdminRig.request("DELETE /thing", AdminRig.AUTHORIZATION, ""));
        assertTrue(answer.contains("allow: GET, HEAD, POST\r\n"), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name": "x"}             | 201 Created
            {"name": "x", "size": 1}  | 400 Bad Request
            {"name": "x", "name": "y"}| 400 Bad Request
            {"name": 1}               | 400 Bad Request
            {"name": ""}              | 400 Bad Request
            {}                        | 400 Bad Request
            []                        | 400 Bad Request
            {"name": "x"              | 400 Bad Request
            {"name": "x"} {}          | 400 Bad Request
            {name: "x"}               | 400 Bad Request
            {"name": 'x'}             | 400 Bad Request
            """, quoteCharacter = '^')
    void shouldReadBodiesStrictly(String body, String status) throws IOException {
        String answer = rig.exchange(AdminRig.request("POST /thing", JSON, body));
        assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
    }

    @Test
    void shouldNameTheUnknownKey() throws IOException {
        assertRefused(
                rig.exchange(AdminRig.request("POST /thing", JSON, "{\"name\": \"x\", \"nme\": 1}")),
                "400 Bad Request",
                "unknown key 'nme'; known here: name");
    }

    @Test
    void shouldRefuseNestingWithoutEnd() throws IOException {
        String deep = "{\"name\": " + "[".repeat(30_000) + "]".repeat(30_000) + "}";
        assertRefused(rig.exchange(AdminRig.request("POST /thing", JSON, deep)), "400 Bad Request", "not valid JSON");
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"})
    void shouldRefuseWhatAWebPageCanSend(String type) throws IOException {
        assertRefused(
                rig.exchange(AdminRig.request(
                        "POST /thing", "Content-Type: " + type + "\r\n" + AdminRig.AUTHORIZATION, "{\"name\": \"x\"}")),
                "415 Unsupported Media Type",
                "application/json");
    }

    @Test
    void shouldTakeJsonWithACharset() throws IOException {
        String answer = rig.exchange(AdminRig.request(
                "POST /thing",
                "Content-Type: application/json; charset=utf-8\r\n" + AdminRig.AUTHORIZATION,
                "{\"name\": \"x\"}"));
        assertTrue(answer.startsWith("HTTP/1.1 201 "), answer);
    }

    /** A page of evil.example whose name was made to lead to 127.0.0.1. */
    @ParameterizedTest
    @CsvSource({
        "evil.example, false",
        "evil.example:9080, false",
        "127.0.0.1.evil.example, false",
        "localhost:9080, true",
        "127.0.0.1:9080, true",
        "[::1]:9080, true",
        "'', false"
    })
    void shouldServeNoOtherNamesOnLoopback(String host, boolean served) throws IOException {
        String answer = rig.exchange("GET /thing HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith(served ? "HTTP/1.1 200 " : "HTTP/1.1 421 "), answer);
    }

    @Test
    void shouldInsistOnOneHost() throws IOException {
        assertRefused(
                rig.exchange("GET /thing HTTP/1.1\r\nConnection: close\r\n\r\n"), "400 Bad Request", "one Host header");
    }

    @Test
    void shouldRefuseABodyThatIsTooLarge() throws IOException {
        String body = "x".repeat(WholeRequests.MAX_BODY_OCTETS + 1);
        assertRefused(
                rig.exchange(AdminRig.request("POST /thing", JSON, body)), "413 Request Entity Too Large", "65536");
    }

    @Test
    void shouldRefuseALargeBodyBeforeItIsSentWhenAskedFirst() throws IOException {
        assertRefused(
                rig.exchange("POST /thing HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" + JSON
                        + "Content-Length: 2000000\r\n\r\n"),
                "413 Request Entity Too Large",
                "65536");
    }

    @Test
    void shouldRefuseALargeBodyInChunks() throws IOException {
        String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
        assertRefused(
                rig.exchange("POST /thing HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n"
                        + chunk.repeat(40)),
                "413 Request Entity Too Large",
                "65536");
    }

    @Test
    void shouldRefuseLinesAndHeadersThatAreTooLong() throws IOException {
        assertRefused(
                rig.exchange(AdminRig.request("GET /" + "a".repeat(5_000), "", "")),
                "414 Request-URI Too Long",
                "first line");
        assertRefused(
                rig.exchange(AdminRig.request("GET /thing", "X: " + "a".repeat(9_000) + "\r\n", "")),
                "431 Request Header Fields Too Large",
                "headers");
    }

    @Test
    void shouldAnswerRequestsInTheirOrderOnOneConnection() throws IOException {
        String kept = "GET /thing HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String all = kept.repeat(5) + AdminRig.request("GET /nothing", "", "");
        String answers = rig.exchange(all);
        assertEquals(5, answers.split("HTTP/1.1 200 OK", -1).length - 1, answers);
        assertTrue(answers.lastIndexOf("HTTP/1.1 404") > answers.lastIndexOf("HTTP/1.1 200"), answers);
    }

    @Test
    void shouldReadARequestOctetByOctet() throws IOException {
        byte[] request =
                AdminRig.request("POST /thing", JSON, "{\"name\": \"x\"}").getBytes(StandardCharsets.UTF_8);
        try (Socket socket = rig.connect()) {
            socket.setTcpNoDelay(true);
            for (byte octet : request) {
                socket.getOutputStream().write(octet);
                socket.getOutputStream().flush();
            }
            String answer = AdminRig.readAll(socket);
            assertTrue(answer.startsWith("HTTP/1.1 201 "), answer);
        }
    }

    @Test
    void shouldTurnAwayConnectionsAboveTheLimit() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < ConnectionInitializer.MAX_CONNECTIONS; i++) {
                Socket socket = rig.connect();
                open.add(socket);
                // Half a request, so that it is known to be there, and one at a time.
                socket.getOutputStream()
                        .write("GET /thing HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                assertEquals('H', socket.getInputStream().read());
            }
            String answer = rig.exchange(AdminRig.request("GET /thing", "", ""));
            assertFalse(answer.startsWith("HTTP"), answer);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void shouldAnswerOthersWhileHandlersWait() throws Exception {
        try (Socket slow = rig.connect()) {
            slow.getOutputStream().write(AdminRig.request("GET /slow", "", "").getBytes(StandardCharsets.UTF_8));
            String answer = rig.exchange(AdminRig.request("GET /thing", "", ""));
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            release.countDown();
            assertTrue(AdminRig.readAll(slow).startsWith("HTTP/1.1 204 No Content\r\n"));
        }
    }

    /** The order that ends a process is one of them. */
    @Test
    void shouldAnswerWhatIsUnderWayBeforeItCloses() throws Exception {
        try (Socket slow = rig.connect()) {
            slow.getOutputStream().write(AdminRig.request("GET /slow", "", "").getBytes(StandardCharsets.UTF_8));
            entered.await();
            Thread closing = new Thread(rig::close);
            closing.start();
            while (closing.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            release.countDown();
            assertTrue(AdminRig.readAll(slow).startsWith("HTTP/1.1 204 "));
            closing.join();
        }
    }

    @Test
    void shouldSayWhenTheAddressIsTaken() {
        IOException refusal = assertThrows(
                IOException.class,
                () -> AdminServer.start(rig.config(rig.address()), router, RequestListener.NONE, "second"));
        assertEquals(
                "cannot listen on 127.0.0.1:" + rig.port() + ": address already in use (EADDRINUSE)",
                refusal.getMessage());
    }

    @Test
    @SuppressWarnings("try") // a server only has to be there
    void shouldLetAnotherListenOnceItHasStopped() throws Exception {
        try (Socket before = rig.connect()) {
            before.getOutputStream().write(AdminRig.request("GET /slow", "", "").getBytes(StandardCharsets.UTF_8));
            entered.await();
            rig.server().stopListening();
            try (AdminServer next = AdminServer.start(rig.config(rig.address()), router, RequestListener.NONE, "next");
                    AdminClient client = rig.client()) {
                assertEquals(List.of(rig.address()), next.addresses());
                assertEquals(200, client.send("GET", "/thing", Optional.empty()).status());
                release.countDown();
                assertTrue(AdminRig.readAll(before).startsWith("HTTP/1.1 204 "), "under way is still answered");
            }
        }
    }

    @Test
    @SuppressWarnings("try") // a server only has to be there
    void shouldServeAUnixSocketForItsUserAndGroupOnly() throws Exception {
        Path path = directory.resolve("admin.sock");
        AdminAddress address = AdminAddress.parse("unix:" + path).orElseThrow();
        try (AdminServer server = AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "unix");
                AdminClient client = new AdminClient(server.addresses().get(0), Duration.ofSeconds(20))) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertEquals(new Reply(200, "\"a thing\"\n"), client.send("GET", "/thing", Optional.empty()));
            JsonObject body = new JsonObject();
            body.addProperty("name", "größer");
            assertEquals(new Reply(201, "\"größer\"\n"), client.send("POST", "/thing", Optional.of(body)));
            IOException refusal = assertThrows(
                    IOException.class,
                    () -> AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "second"));
            assertTrue(refusal.getMessage().endsWith(": another process listens there"), refusal.getMessage());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    @SuppressWarnings("try") // a server only has to be there
    void shouldReplaceASocketThatNobodyListensOn() throws Exception {
        Path path = directory.resolve("admin.sock");
        try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stale.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
        AdminAddress address = AdminAddress.parse("unix:" + path).orElseThrow();
        try (AdminServer server = AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "unix");
                AdminClient client = new AdminClient(server.addresses().get(0), Duration.ofSeconds(20))) {
            assertEquals(200, client.send("GET", "/thing", Optional.empty()).status());
        }
    }

    @Test
    void shouldLeaveAFileAloneThatIsNoSocket() throws Exception {
        Path path = Files.writeString(directory.resolve("precious"), "kept");
        AdminAddress address = AdminAddress.parse("unix:" + path).orElseThrow();
        assertThrows(
                IOException.class,
                () -> AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "unix"));
        assertEquals("kept", Files.readString(path));
    }

    @Test
    void shouldNotRemoveTheSocketOfASuccessor() throws Exception {
        Path path = directory.resolve("admin.sock");
        AdminAddress address = AdminAddress.parse("unix:" + path).orElseThrow();
        try (AdminServer first = AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "first")) {
            Files.delete(path);
            try (AdminServer second =
                    AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "second")) {
                first.stopListening();
                assertTrue(Files.exists(path));
                assertEquals(List.of(address), second.addresses());
            }
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() throws Exception {
        int port = AdminRig.freePort();
        AdminAddress address = AdminAddress.parse("127.0.0.1:" + port).orElseThrow();
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            IOException failure = assertThrows(
                    AdminClient.NoAnswerException.class, () -> client.send("GET", "/thing", Optional.empty()));
            assertEquals("no answer from 127.0.0.1:" + port + ": Connection refused", failure.getMessage());
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchSocket() throws Exception {
        AdminAddress address =
                AdminAddress.parse("unix:" + directory.resolve("none")).orElseThrow();
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            IOException failure = assertThrows(
                    AdminClient.NoAnswerException.class, () -> client.send("GET", "/thing", Optional.empty()));
            assertTrue(failure.getMessage().endsWith(": No such file or directory"), failure.getMessage());
        }
    }

    @Test
    void shouldGiveUpOnAnAnswerThatDoesNotCome() throws Exception {
        try (AdminClient client = new AdminClient(rig.address(), Duration.ofMillis(100))) {
            IOException failure = assertThrows(
                    AdminClient.NoAnswerException.class, () -> client.send("GET", "/slow", Optional.empty()));
            assertTrue(failure.getMessage().endsWith("within 100 ms"), failure.getMessage());
        }
    }
}
