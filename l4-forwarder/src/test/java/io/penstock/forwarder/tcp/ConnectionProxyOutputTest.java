package io.penstock.forwarder.tcp;

import static io.penstock.linux.EpollConstants.EPOLLIN;
import static io.penstock.linux.EpollConstants.EPOLLOUT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.ProxyHeader.Passing;
import io.penstock.forwarder.table.ProxyHeader.Version;
import io.penstock.forwarder.table.ProxyInput;
import io.penstock.linux.Errno;
import io.penstock.net.IpPrefix;
import io.penstock.proxyprotocol.HeaderParser;
import io.penstock.proxyprotocol.Tlv;
import io.penstock.proxyprotocol.V2Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a backend is told of its client before the client's first byte. */
class ConnectionProxyOutputTest extends ConnectionScript {
    private static final String LINE = "PROXY TCP4 127.0.0.1 127.0.0.1 40000 80\r\n";
    private static final ProxyHeader V1 = new ProxyHeader(Version.V1, false, false, Passing.NONE, new byte[0]);

    private final HeaderParser parser = new HeaderParser();

    private static ProxyHeader v2(boolean uniqueId, boolean checksum, Passing passing, byte... entries) {
        return new ProxyHeader(Version.V2, uniqueId, checksum, passing, entries);
    }

    private void send(ProxyHeader header) {
        table = table(ProxyInput.NONE, header);
        tcp.onTurn(table, nowNs);
    }

    private void sendOn(ProxyHeader header) {
        table = table(new ProxyInput(List.of(IpPrefix.parse("127.0.0.1").orElseThrow()), MS, true), header);
        tcp.onTurn(table, nowNs);
    }

    private void acceptSaying(byte... octets) {
        kernel.saidAlready = octets;
        accept();
        kernel.saidAlready = new byte[0];
    }

    private void connected() {
        event(client, EPOLLOUT);
        event(backend, EPOLLOUT);
    }

    /** The entries of the header that the backend heard. */
    private Map<Integer, String> heardEntries() {
        byte[] heard = backend.heard.toByteArray();
        UnsafeBuffer buffer = new UnsafeBuffer(heard);
        int length = parser.parse(buffer, 0, heard.length);
        assertEquals(heard.length, length);
        Map<Integer, String> entries = new TreeMap<>();
        int end = parser.tlvsOffset() + parser.tlvsLength();
        for (int at = parser.tlvsOffset(); at < end; at = Tlv.next(buffer, at)) {
            byte[] value = new byte[Tlv.valueLength(buffer, at)];
            buffer.getBytes(Tlv.valueOffset(at), value);
            entries.put(Tlv.type(buffer, at), new String(value, ISO_8859_1));
        }
        return entries;
    }

    private static byte[] tlv(int type, String value) {
        byte[] octets = new byte[3 + value.length()];
        octets[0] = (byte) type;
        octets[2] = (byte) value.length();
        System.arraycopy(value.getBytes(ISO_8859_1), 0, octets, 3, value.length());
        return octets;
    }

    /** Of nobody in particular, with an authority, a unique id, a type of its own, padding and a checksum. */
    private static byte[] richHeader() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        int length = new V2Writer()
                .beginUnspecified(buffer, 0)
                .tlv(Tlv.AUTHORITY, "a.test".getBytes(ISO_8859_1))
                .tlv(Tlv.UNIQUE_ID, "id-1".getBytes(ISO_8859_1))
                .tlv(0xe0, "theirs".getBytes(ISO_8859_1))
                .tlv(0xe1, "more".getBytes(ISO_8859_1))
                .tlv(Tlv.NOOP, new byte[5])
                .end(true);
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    @Test
    void shouldSendHeaderAndWhatWasReadAheadInOneCall() {
        send(V1);
        acceptSaying("GET /".getBytes(ISO_8859_1));
        connected();
        assertEquals(LINE + "GET /", backend.heard.toString(ISO_8859_1));
        assertEquals(1, backend.sends);
        assertEquals(5, counter(TcpCounter.BYTES_TO_BACKENDS), "the header is no payload");
        assertFalse(backend.quickAckOff);
        assertFalse(backend.noDelay, "set before the second write");
        client.reading(3);
        event(client, EPOLLIN);
        assertTrue(backend.noDelay);
        assertEquals(0, tcp.remainders().inUse());
    }

    @Test
    void shouldSendTheHeaderAtOnceWhenTheClientIsSilent() {
        send(V1);
        acceptSaying();
        assertTrue(backend.quickAckOff, "it travels with the end of the handshake");
        connected();
        assertEquals(LINE, backend.heard.toString(ISO_8859_1));
        assertTrue(backend.noDelay, "the client's first bytes do not wait for its acknowledgement");
        assertFalse(backend.quickAckOff);
    }

    @Test
    void shouldSendTheEndOfAClientBehindTheHeader() {
        send(V1);
        acceptSaying();
        client.reading(0);
        event(client, FIN);
        event(backend, EPOLLOUT);
        assertEquals(LINE, backend.heard.toString(ISO_8859_1));
        assertTrue(backend.finSent);
    }

    @Test
    void shouldSendItAgainToTheNextBackend() {
        send(V1);
        acceptSaying("GET /".getBytes(ISO_8859_1));
        refuse();
        backend = kernel.last();
        connected();
        assertEquals(LINE + "GET /", backend.heard.toString(ISO_8859_1));
    }

    @Test
    void shouldKeepTheRestWhenTheFirstWriteIsCutShort() {
        send(V1);
        acceptSaying("GET /".getBytes(ISO_8859_1));
        backend.writing(LINE.length() + 2);
        connected();
        assertEquals(LINE + "GE", backend.heard.toString(ISO_8859_1));
        event(backend, EPOLLOUT);
        assertEquals(LINE + "GET /", backend.heard.toString(ISO_8859_1));
        assertEquals(5, counter(TcpCounter.BYTES_TO_BACKENDS));
    }

    @Test
    void shouldWaitForRoomForTheHeader() {
        send(V1);
        acceptSaying("GET /".getBytes(ISO_8859_1));
        backend.writing(-Errno.EAGAIN);
        connected();
        assertEquals(0, backend.sent);
        event(backend, EPOLLOUT);
        assertEquals(LINE + "GET /", backend.heard.toString(ISO_8859_1));
    }

    /** Part of a header is worse than none; the kernel has room for one in an empty buffer. */
    @Test
    void shouldGiveUpABackendThatTakesPartOfAHeader() {
        send(V1);
        acceptSaying("GET /".getBytes(ISO_8859_1));
        backend.writing(10);
        connected();
        assertTrue(backend.reset);
        assertTrue(client.reset);
    }

    @Test
    void shouldStateNothingOfAClientWithoutAnAddress() {
        kernel.localFamily = 1;
        send(V1);
        acceptSaying();
        connected();
        assertEquals("PROXY UNKNOWN\r\n", backend.heard.toString(ISO_8859_1));
        send(v2(false, false, Passing.NONE));
        acceptSaying();
        connected();
        assertEquals("\r\n\r\n\0\r\nQUIT\n!\0\0\0", backend.heard.toString(ISO_8859_1));
    }

    @Test
    void shouldStateWhatItWasTold() {
        sendOn(V1);
        acceptSaying("PROXY TCP6 2001:db8::1 2001:db8::2 5 6\r\nGET /".getBytes(ISO_8859_1));
        connected();
        assertEquals("PROXY TCP6 2001:db8::1 2001:db8::2 5 6\r\nGET /", backend.heard.toString(ISO_8859_1));
    }

    @Test
    void shouldSendItsOwnEntriesUniqueIdAndChecksum() {
        send(v2(true, true, Passing.NONE, tlv(0xe2, "penstock")));
        acceptSaying();
        connected();
        Map<Integer, String> entries = heardEntries();
        assertEquals(List.of(Tlv.CRC32C, Tlv.UNIQUE_ID, 0xe2), List.copyOf(entries.keySet()));
        assertEquals("penstock", entries.get(0xe2));
        assertTrue(entries.get(Tlv.UNIQUE_ID).matches("[0-9a-f]{16}0{15}1"), entries::toString);
        assertEquals("127.0.0.1:40000 -> 127.0.0.1:80", parser.addresses().toString());
        String first = entries.get(Tlv.UNIQUE_ID);
        acceptSaying();
        connected();
        assertNotEquals(first, heardEntries().get(Tlv.UNIQUE_ID));
    }

    @Test
    void shouldPassOnWhatItIsAskedTo() {
        sendOn(v2(false, false, Passing.NONE, tlv(0xe0, "ours")));
        acceptSaying(richHeader());
        connected();
        assertEquals(Map.of(0xe0, "ours"), heardEntries());
        sendOn(v2(true, false, Passing.AUTHORITY));
        acceptSaying(richHeader());
        connected();
        assertEquals(Map.of(Tlv.AUTHORITY, "a.test", Tlv.UNIQUE_ID, "id-1"), heardEntries());
        sendOn(v2(false, false, Passing.ALL, tlv(0xe0, "ours")));
        acceptSaying(richHeader());
        connected();
        assertEquals(
                Map.of(Tlv.AUTHORITY, "a.test", Tlv.UNIQUE_ID, "id-1", 0xe0, "ours", 0xe1, "more"), heardEntries());
    }

    /** A slot is used again, and what its last client came with is nobody's any more. */
    @Test
    void shouldForgetTheHeaderOfTheClientBefore() {
        sendOn(v2(false, false, Passing.ALL));
        acceptSaying(richHeader());
        client.reading(0);
        event(client, FIN);
        backend.reading(0);
        event(backend, FIN);
        assertTrue(client.closed);
        send(v2(false, false, Passing.ALL));
        acceptSaying();
        connected();
        assertEquals(Map.of(), heardEntries());
        assertArrayEquals(new byte[] {127, 0, 0, 1}, Arrays.copyOfRange(backend.heard.toByteArray(), 16, 20));
    }
}
