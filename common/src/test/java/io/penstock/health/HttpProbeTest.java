package io.penstock.health;

import static io.penstock.health.ProbeResult.Outcome.FAILURE;
import static io.penstock.health.ProbeResult.Outcome.SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import io.penstock.linux.OpenFds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(OpenFds.class)
class HttpProbeTest {
    private static final List<Probe.StatusRange> GOOD =
            List.of(new Probe.StatusRange(200, 299), new Probe.StatusRange(301, 301));

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
    void shouldSendWholeRequest() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (LoopbackServer server = new LoopbackServer(client -> {
            requests.add(LoopbackServer.readHead(client));
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            rig.probe(http("GET", Optional.of("web.test"), Optional.empty()), server.port());
            assertEquals("""
                    GET /health?deep=1 HTTP/1.1
                    Host: web.test
                    User-Agent: penstock-health
                    Accept: */*
                    Connection: close

                    """.replace("\n", "\r\n"), requests.poll(10, TimeUnit.SECONDS));
            rig.probe(http("OPTIONS", Optional.empty(), Optional.empty()), server.port());
            String request = requests.poll(10, TimeUnit.SECONDS);
            assertTrue(request.startsWith("OPTIONS "), request);
            assertTrue(request.contains("\r\nHost: 127.0.0.1:" + server.port() + "\r\n"), request);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200 OK, SUCCESS, HTTP status 200",
        "299, SUCCESS, HTTP status 299",
        "300 Multiple, FAILURE, HTTP status 300",
        "301 Moved, SUCCESS, HTTP status 301",
        "503 Busy, FAILURE, HTTP status 503",
        "999 What, FAILURE, HTTP status 999",
    })
    void shouldJudgeByStatus(String status, ProbeResult.Outcome outcome, String evidence) throws Exception {
        try (LoopbackServer server = LoopbackServer.answering("HTTP/1.1 " + status + "\r\n\r\n")) {
            assertEquals(new ProbeResult(outcome, evidence), rig.probe(get(null), server.port()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 9\r\n\r\nstate: ok",
                "Transfer-Encoding: chunked\r\n\r\n6\r\nstate:\r\n3;x=y\r\n ok\r\n0\r\nTrailer: x\r\n\r\n",
                "Content-Length: 100\r\n\r\nstate: ok and the rest never comes",
            })
    void shouldFindBody(String rest) throws Exception {
        try (LoopbackServer server = LoopbackServer.answering("HTTP/1.1 200 OK\r\n" + rest)) {
            assertEquals(
                    ProbeResult.success("HTTP status 200 and the expected body"),
                    rig.probe(get("state: (ok|fine)"), server.port()));
        }
    }

    @Test
    void shouldFindBodyThatEndsWithConnection() throws Exception {
        try (LoopbackServer server = new LoopbackServer(client -> {
            LoopbackServer.readHead(client);
            client.getOutputStream().write("HTTP/1.0 200 OK\r\n\r\nall is well".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            LoopbackServer.awaitEnd(client);
        })) {
            assertEquals(SUCCESS, rig.probe(get("well$"), server.port()).outcome());
            assertEquals(
                    ProbeResult.failure("HTTP status 200, but not the expected body"),
                    rig.probe(get("unwell"), server.port()));
        }
    }

    @Test
    void shouldFailAtOnceWhenBodyIsAnother() throws Exception {
        try (LoopbackServer server = LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad")) {
            assertEquals(
                    ProbeResult.failure("HTTP status 200, but not the expected body"),
                    rig.probe(get("ok"), server.port()));
        }
    }

    @Test
    void shouldLookAtFirst64KiBOfBody() throws Exception {
        String body = "x".repeat(64 * 1024) + "ok";
        try (LoopbackServer server =
                LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)) {
            assertEquals(
                    ProbeResult.failure("HTTP status 200, but not the expected body in its first 64 KiB"),
                    rig.probe(get("ok"), server.port()));
        }
    }

    @Test
    void shouldWaitForFinalAnswer() throws Exception {
        String answer = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 ";
        try (LoopbackServer server = LoopbackServer.answering(answer + "404 Gone\r\n\r\n")) {
            assertEquals(ProbeResult.failure("HTTP status 404"), rig.probe(get(null), server.port()));
        }
    }

    @Test
    void shouldNotWaitForBodyOfHead() throws Exception {
        try (LoopbackServer server = LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")) {
            assertEquals(
                    ProbeResult.success("HTTP status 200"),
                    rig.probe(http("HEAD", Optional.empty(), Optional.empty()), server.port()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "\u0015\u0003\u0001\u0000\u0002\u0002F\r\n\r\n"
            })
    void shouldFailWhenAnswerIsNotHttp(String answer) throws Exception {
        try (LoopbackServer server = LoopbackServer.answering(answer)) {
            ProbeResult result = rig.probe(get(null), server.port());
            assertEquals(FAILURE, result.outcome());
            assertTrue(result.evidence().startsWith("not HTTP: "), result.evidence());
        }
    }

    @Test
    void shouldFailWhenNothingComes() throws Exception {
        try (LoopbackServer server = new LoopbackServer(LoopbackServer::readHead)) {
            assertEquals(
                    ProbeResult.failure("connection closed before the answer"), rig.probe(get(null), server.port()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "health", "/a b", "/a\r\nX: y", "/\u00e4"})
    void shouldRefusePathThatBreaksRequest(String path) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Probe.Http("GET", path, Optional.empty(), GOOD, Optional.empty(), Optional.empty()));
    }

    private static Probe get(String body) {
        return http(
                "GET",
                Optional.empty(),
                Optional.ofNullable(body).map(regex -> new Probe.Expect.Regex(Pattern.compile(regex))));
    }

    private static Probe http(String method, Optional<String> host, Optional<Probe.Expect> body) {
        return new Probe.Http(method, "/health?deep=1", host, GOOD, body, Optional.empty());
    }
}
