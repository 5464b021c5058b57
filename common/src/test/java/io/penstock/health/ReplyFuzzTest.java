package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import io.penstock.health.ProbeResult.Outcome;
import java.io.ByteArrayOutputStream;
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
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Real replies with something wrong, from a real server: every probe comes to its one result before its timeout, since
 * the server ends each reply.
 */
class ReplyFuzzTest {
    private static final List<String> SEEDS = List.of(
            "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 9\r\nConnection: close\r\n\r\nstate: ok",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nstat\r\n5;a=b\r\ne: ok\r\n0\r\nT: x\r\n\r\n",
            "HTTP/1.0 503 Service Unavailable\r\nCache-Control: no-cache\r\n\r\n<html><body>no</body></html>\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nX-Folded: a\r\n b\r\nContent-Length: 0\r\n\r\n",
            "+PONG\r\n",
            "220 mail.test ESMTP\r\n",
            "\u0016\u0003\u0003\u0000\u0002\u0002(",
            "up ready 75% maxconn:30 # fine\n");

    private static final List<String> SPLINTERS = List.of(
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            ":",
            " ",
            "\t",
            "\u0000",
            "\u00ff",
            "HTTP/1.1 ",
            "HTTP/9.9 ",
            "200",
            "-1",
            "99999999999",
            "Content-Length: 5\r\n",
            "Content-Length: -5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "ffffffffffffffff\r\n",
            "0\r\n\r\n",
            ";",
            "=",
            "x".repeat(5_000),
            "state: ok");

    private static byte[] reply = {};
    private static LoopbackServer server;
    private static ProbeRig rig;

    @BeforeContainer
    static void open() throws IOException {
        server = new LoopbackServer(ReplyFuzzTest::serve);
        rig = new ProbeRig();
    }

    @AfterContainer
    static void close() throws IOException {
        rig.close();
        server.close();
    }

    private static void serve(Socket client) throws IOException {
        client.getOutputStream().write(reply);
        client.shutdownOutput();
        LoopbackServer.awaitEnd(client);
    }

    @Property(tries = 4_000, shrinking = ShrinkingMode.OFF)
    void shouldJudgeAnyReply(@ForAll("replies") byte[] bytes, @ForAll("probes") Probe probe) throws Exception {
        reply = bytes;
        ProbeResult result = rig.probe(probe, server.port());
        assertNotEquals(Outcome.NO_VERDICT, result.outcome());
        assertTrue(result.evidence().length() < 300, result.evidence());
        assertTrue(result.evidence().chars().noneMatch(c -> Character.isISOControl(c) || c == '"'), result.evidence());
        assertTrue(!result.evidence().contains("within"), "timed out");
    }

    @Provide
    Arbitrary<Probe> probes() {
        Probe.Expect bytes = new Probe.Expect.Bytes(Octets.utf8("ok"));
        Probe.Expect regex = new Probe.Expect.Regex(Pattern.compile("(?s)state: (ok|fine).*$"));
        List<Probe.StatusRange> good = List.of(new Probe.StatusRange(200, 399));
        Optional<Probe.Tls> none = Optional.empty();
        return Arbitraries.of(
                new Probe.Http("GET", "/", Optional.empty(), good, Optional.empty(), none),
                new Probe.Http("HEAD", "/", Optional.empty(), good, Optional.empty(), none),
                new Probe.Http("GET", "/", Optional.empty(), good, Optional.of(bytes), none),
                new Probe.Http("GET", "/", Optional.empty(), good, Optional.of(regex), none),
                new Probe.Exchange(Octets.NONE, Optional.of(bytes), none),
                new Probe.Exchange(Octets.utf8("PING\r\n"), Optional.of(regex), none),
                new Probe.Handshake(new Probe.Tls(Optional.empty(), false, Optional.empty())));
    }

    @Provide
    Arbitrary<byte[]> replies() {
        return Combinators.combine(Arbitraries.of(SEEDS), edit().list().ofMaxSize(4))
                .as((seed, edits) -> {
                    byte[] bytes = seed.getBytes(StandardCharsets.ISO_8859_1);
                    for (Edit edit : edits) {
                        bytes = edit.apply(bytes);
                    }
                    return bytes;
                });
    }

    private static Arbitrary<Edit> edit() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.of(SPLINTERS))
                .as(Edit::new);
    }

    /** Cuts the end off, takes some out, puts something in or doubles a part; at a place given as a share of the whole. */
    private record Edit(int kind, double place, int length, String splinter) {
        byte[] apply(byte[] bytes) {
            int at = (int) (place * bytes.length);
            int end = Math.min(bytes.length, at + length);
            ByteArrayOutputStream edited = new ByteArrayOutputStream();
            edited.write(bytes, 0, at);
            switch (kind) {
                case 0 -> {}
                case 1 -> edited.write(bytes, end, bytes.length - end);
                case 2 -> {
                    edited.writeBytes(splinter.getBytes(StandardCharsets.ISO_8859_1));
                    edited.write(bytes, at, bytes.length - at);
                }
                default -> {
                    edited.write(bytes, 0, end);
                    edited.write(bytes, at, bytes.length - at);
                }
            }
            return edited.toByteArray();
        }
    }
}
