package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminClient.Reply;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever comes in: an answer of HTTP or a closed connection, and the next request is served. */
class RequestFuzzTest {
    private static final String CHUNKED = """
            POST /a HTTP/1.1
            Host: localhost
            Content-Type: application/json
            Authorization: Bearer a-token-for-tests-only
            Transfer-Encoding: chunked

            5
            {"tex
            7
            t":"x"}
            0

            """.replace("\n", "\r\n");

    private static final String JSON = "Content-Type: application/json\r\n" + AdminRig.AUTHORIZATION;

    private static AdminRig rig;

    @BeforeContainer
    static void start() throws IOException {
        rig = new AdminRig(new Router()
                .get("/a/{b}", request -> AdminResponse.text(200, "fine"), "c")
                .post(
                        "/a",
                        request -> request.json(body -> AdminResponse.text(
                                200,
                                body.integer("number", -5, 5) + " " + body.bool("flag") + " " + body.text("text")))));
    }

    @AfterContainer
    static void stop() {
        rig.close();
    }

    @Property(tries = 300)
    void shouldSurviveAnyOctets(@ForAll @Size(max = 300) byte[] octets) throws Exception {
        check(octets);
    }

    @Property(tries = 500)
    void shouldSurviveAlmostRequests(@ForAll("mutilated") byte[] request) throws Exception {
        check(request);
    }

    /** A right request of which some octets are others, missing or there twice. */
    @Provide
    Arbitrary<byte[]> mutilated() {
        Arbitrary<String> right = Arbitraries.of(
                AdminRig.request("GET /a/b?c=1", "Accept: text/plain\r\n", ""),
                AdminRig.request("POST /a", JSON, "{\"number\": 3, \"flag\": true}"),
                CHUNKED);
        Arbitrary<Integer> places = Arbitraries.integers().between(0, 1_000);
        return Combinators.combine(
                        right,
                        places.list().ofMaxSize(4),
                        Arbitraries.bytes(),
                        Arbitraries.integers().between(0, 2))
                .as((text, at, octet, kind) -> mutilate(text.getBytes(StandardCharsets.ISO_8859_1), at, octet, kind));
    }

    private static byte[] mutilate(byte[] request, List<Integer> places, byte octet, int kind) {
        byte[] result = request;
        for (int place : places) {
            int at = place % result.length;
            if (kind == 0) {
                result[at] = octet;
            } else {
                // One less, or one twice.
                int from = kind == 1 ? at + 1 : at;
                byte[] next = new byte[at + result.length - from + (kind == 1 ? 0 : 1)];
                System.arraycopy(result, 0, next, 0, at);
                if (kind == 2) {
                    next[at] = result[at];
                }
                System.arraycopy(result, from, next, next.length - (result.length - from), result.length - from);
                result = next;
            }
        }
        return result;
    }

    @Property(tries = 500)
    void shouldReadOrRefuseAnyBody(@ForAll("bodies") String body) throws Exception {
        String answer = rig.exchange(AdminRig.request("POST /a", JSON, body));
        assertTrue(answer.startsWith("HTTP/1.1 200 ") || answer.startsWith("HTTP/1.1 400 "), answer);
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ":",
                        ",",
                        "\"number\"",
                        "\"flag\"",
                        "1",
                        "1.5",
                        "1e9",
                        "-0",
                        "true",
                        "null",
                        "\"\\u0000\"",
                        "\"",
                        " ",
                        "NaN",
                        "\u00ff",
                        "//",
                        "99999999999")
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    private static void check(byte[] octets) throws Exception {
        try (Socket socket = rig.connect()) {
            socket.getOutputStream().write(octets);
            socket.shutdownOutput();
            String answer = AdminRig.readAll(socket);
            assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 ") || answer.equals("<reset>"), answer);
        }
        try (AdminClient client = rig.client()) {
            assertEquals(new Reply(200, "fine\n"), client.send("GET", "/a/b", Optional.empty()));
        }
    }
}
