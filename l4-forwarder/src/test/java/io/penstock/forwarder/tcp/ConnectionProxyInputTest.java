package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.linux.Errno;
import io.penstock.net.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that says first whom it speaks for. */
class ConnectionProxyInputTest extends ConnectionScript {
    private static final String LINE = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n";
    private static final String V2_UNSPEC = "\r\n\r\n\0\r\nQUIT\n!\0\0\0";
    private static final long TIMEOUT_NS = 3_000 * MS;

    private void expect(boolean required) {
        expect("127.0.0.0/8", required);
    }

    private void expect(String from, boolean required) {
        table = table(
                new ProxyInput(List.of(IpPrefix.parse(from).orElseThrow()), TIMEOUT_NS, required), ProxyHeader.NONE);
        tcp.onTurn(table, nowNs);
    }

    private void acceptSaying(String text) {
        kernel.saidAlready = text.getBytes(ISO_8859_1);
        accept();
        kernel.saidAlready = new byte[0];
    }

    private void say(String text) {
        client.saying(text.getBytes(ISO_8859_1));
        event(client, EPOLLIN);
    }

    private void assertBackendHears(String payload) {
        backend = kernel.last();
        event(backend, EPOLLOUT);
        assertEquals(payload, backend.heard.toString(ISO_8859_1));
        assertEquals(payload.length(), counter(TcpCounter.BYTES_TO_BACKENDS));
    }

    private int connects() {
        return kernel.connectedAddresses.size();
    }

    @ParameterizedTest
    @ValueSource(strings = {LINE, "PROXY UNKNOWN\r\n", V2_UNSPEC})
    void shouldTakeHeaderAndRequestOfOneSegment(String header) {
        expect(true);
        acceptSaying(header + "GET /");
        assertTrue(backend.quickAckOff, "the request travels with the end of the handshake");
        event(client, EPOLLOUT);
        assertBackendHears("GET /");
        assertEquals(1, counter(TcpCounter.PROXY_HEADERS));
    }

    @ParameterizedTest
    @ValueSource(strings = {LINE, V2_UNSPEC})
    void shouldTakeAHeaderInPiecesOfOneOctet(String header) {
        expect(true);
        acceptSaying("");
        event(client, EPOLLOUT);
        for (int i = 0; i < header.length(); i++) {
            assertEquals(0, connects());
            assertEquals(0, client.received, "stays in the kernel");
            say(header.substring(i, i + 1));
        }
        assertEquals(1, connects());
        say("hello");
        assertBackendHears("hello");
    }

    @Test
    void shouldTakeWhatStandsBehindAHeaderThatCameInPieces() {
        expect(true);
        acceptSaying(LINE.substring(0, 20));
        event(client, EPOLLIN | EPOLLOUT);
        say(LINE.substring(20) + "hel");
        say("lo");
        assertBackendHears("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "PROXY TCP4 1.2.3.4\r\n", "\r\n\r\n\0\r\nQUIT\n\u0011\0\0\0"})
    void shouldResetAClientWithoutAHeaderWhereOneIsRequired(String text) {
        expect(true);
        acceptSaying(text);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_PROXY_HEADER_INVALID));
        acceptSaying("");
        event(client, EPOLLOUT);
        say(text);
        assertTrue(client.reset);
        assertEquals(2, counter(TcpCounter.CLOSED_PROXY_HEADER_INVALID));
        assertEquals(0, connects());
    }

    @Test
    void shouldResetAClientThatEndsWithinItsHeader() {
        expect(true);
        acceptSaying(LINE.substring(0, 20));
        event(client, FIN);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_PROXY_HEADER_INVALID));
    }

    /** A check of whoever stands in front. */
    @Test
    void shouldConnectNobodyForAClientThatEndsWithoutAWord() {
        expect(true);
        acceptSaying("");
        client.reading(0);
        event(client, FIN);
        assertTrue(client.closed);
        assertEquals(1, counter(TcpCounter.CLOSED_CLIENT_GONE));
        assertEquals(0, connects());
    }

    @Test
    void shouldResetAClientWhoseHeaderIsLate() {
        expect(true);
        acceptSaying(LINE.substring(0, 20));
        event(client, EPOLLIN | EPOLLOUT);
        at(TIMEOUT_NS - TICK_NS);
        say(LINE.substring(20, 30));
        assertFalse(client.closed);
        at(2 * TICK_NS);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_PROXY_HEADER_TIMEOUT));
        assertEquals(0, connects());
    }

    @Test
    void shouldNotBeLateOnceTheHeaderIsThere() {
        expect(true);
        acceptSaying(LINE);
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
        at(TIMEOUT_NS + 2 * TICK_NS);
        assertFalse(client.closed);
    }

    @Test
    void shouldResetAClientWhoseSocketFailsBeforeItsHeaderIsWhole() {
        expect(true);
        acceptSaying("PROXY");
        event(client, FAILED);
        assertTrue(client.closed);
        kernel.sentAlready = new long[] {-Errno.ECONNRESET};
        accept();
        assertEquals(2, counter(TcpCounter.CLOSED_CLIENT_GONE));
    }

    @Test
    void shouldRelayWhatOthersSendAsItIs() {
        expect("10.0.0.0/8", true);
        acceptSaying(LINE);
        event(client, EPOLLOUT);
        assertBackendHears(LINE);
        assertEquals(0, counter(TcpCounter.PROXY_HEADERS));
    }

    // ---- trusted clients that may come without

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "\u0016\u0003\u0001", "POST", "\r\n\r\nGET"})
    void shouldTakeOtherBytesForTheClientsOwn(String text) {
        expect(false);
        acceptSaying("");
        event(client, EPOLLOUT);
        say(text);
        assertBackendHears(text);
        assertEquals(0, counter(TcpCounter.PROXY_HEADERS));
    }

    @Test
    void shouldStillRefuseAWrongHeader() {
        expect(false);
        acceptSaying("PROXY TCP4 nonsense\r\n");
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_PROXY_HEADER_INVALID));
        acceptSaying("PROXY TCP4");
        at(TIMEOUT_NS + 2 * TICK_NS);
        assertTrue(client.reset);
        assertEquals(1, counter(TcpCounter.CLOSED_PROXY_HEADER_TIMEOUT));
    }

    /** Where the server speaks first, it would never come to a header. */
    @ParameterizedTest
    @ValueSource(strings = {"", "PRO"})
    void shouldNotWaitLongerThanTheTimeoutForASignature(String text) {
        expect(false);
        acceptSaying(text);
        assertEquals(0, connects());
        at(TIMEOUT_NS + 2 * TICK_NS);
        assertEquals(1, connects());
        assertBackendHears(text);
    }

    @Test
    void shouldPassOnTheEndOfAClientThatSaidLessThanASignature() {
        expect(false);
        acceptSaying("P");
        client.reading(0);
        event(client, FIN);
        assertBackendHears("P");
        assertTrue(backend.finSent);
    }

    // ---- who the client is

    /** Seven clients behind one proxy: each goes where it would go by itself. */
    @Test
    void shouldPickByWhatTheHeaderStates() {
        expect(true);
        for (int i = 1; i <= 7; i++) {
            acceptSaying("PROXY TCP4 198.51.100." + i + " 192.0.2.2 4711 443\r\n");
        }
        List<Integer> picked = List.copyOf(kernel.connectedAddresses);
        assertTrue(picked.stream().distinct().count() > 1, picked::toString);
        kernel.connectedAddresses.clear();
        for (int i = 1; i <= 7; i++) {
            acceptSaying("\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c\u00c63d" + (char) i
                    + "\u00c0\0\u0002\u0002\u0012g\u0001\u00bb");
        }
        assertEquals(picked, kernel.connectedAddresses);
    }
}
