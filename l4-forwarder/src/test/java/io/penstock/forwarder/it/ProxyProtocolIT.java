package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY protocol headers with those who made them, in front of the forwarder and behind it. */
@Timeout(120)
class ProxyProtocolIT {
    private static final String CLIENT = "127.0.0.77";
    private static final String FROM_LOOPBACK = "proxy-protocol: { from: [\"127.0.0.0/8\"] }";
    private static final String REQUEST = "GET / HTTP/1.0\r\n\r\n";
    private static final int BULK_BYTES = 16 << 20;

    @TempDir
    Path directory;

    private final int port = Ports.free(2);
    private final int peerPort = port + 1;

    private ForwarderProcess start(ForwarderYaml yaml) throws Exception {
        return ForwarderProcess.start(directory, yaml.text());
    }

    /** The line that the backend was sent, as it echoes it, and the client's own after it. */
    private void assertHeardFrom(int front) throws Exception {
        try (Socket client = Clients.connectFrom(CLIENT, front)) {
            String header = "PROXY TCP4 " + CLIENT + " 127.0.0.1 " + client.getLocalPort() + " " + front + "\r\n";
            Clients.write(client, "hello");
            assertEquals(header + "hello", Clients.read(client, header.length() + 5));
            Clients.assertEchoes(client, "again");
            client.shutdownOutput();
            Clients.assertEnded(client);
        }
    }

    // ---- in front of the forwarder

    @ParameterizedTest
    @ValueSource(
            strings = {
                "send-proxy",
                "send-proxy-v2",
                "send-proxy-v2 proxy-v2-options crc32c",
                "send-proxy-v2 proxy-v2-options crc32c,unique-id"
            })
    void shouldTakeTheClientFromHaproxy(String options) throws Exception {
        String front = """
                frontend front
                    bind 127.0.0.1:%d
                    unique-id-format id-%%rt
                    default_backend forwarder
                backend forwarder
                    server forwarder 127.0.0.1:%d %s
                """.formatted(peerPort, port, options);
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(
                        ForwarderYaml.of(port, echo).service(FROM_LOOPBACK).pool("send-proxy: v1"));
                PeerProxy peer = PeerProxy.haproxy(directory, peerPort, front)) {
            assertHeardFrom(peerPort);
            assertTrue(peer.isAlive());
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("proxy_headers"));
            assertEquals(1, forwarder.total("closed_completed"));
        }
    }

    @Test
    void shouldTakeTheClientFromNginx() throws Exception {
        String front = "stream { server { listen 127.0.0.1:%d; proxy_pass 127.0.0.1:%d; proxy_protocol on; } }"
                .formatted(peerPort, port);
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(
                        ForwarderYaml.of(port, echo).service(FROM_LOOPBACK).pool("send-proxy: v1"));
                PeerProxy peer = PeerProxy.nginx(directory, peerPort, front)) {
            assertHeardFrom(peerPort);
            assertTrue(peer.isAlive());
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("proxy_headers"));
        }
    }

    // ---- behind the forwarder

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1",
                "v2",
                "{ version: v2, unique-id: true, checksum: true, tlvs: { \"0xE0\": eu-1, \"0xEF\": penstock } }"
            })
    void shouldTellHaproxyTheClient(String header) throws Exception {
        String behind = """
                frontend behind
                    mode http
                    bind 127.0.0.1:%d accept-proxy
                    http-request return status 200 content-type text/plain lf-string "%%[src]:%%[src_port] %%[dst_port] id=%%[fc_pp_unique_id]."
                """.formatted(peerPort);
        try (PeerProxy peer = PeerProxy.haproxy(directory, peerPort, behind);
                ForwarderProcess forwarder =
                        start(ForwarderYaml.to(port, "127.0.0.1:" + peerPort).pool("send-proxy: " + header));
                Socket client = Clients.connectFrom(CLIENT, port)) {
            Clients.write(client, REQUEST);
            String answer = Clients.readToEnd(client);
            String id = header.contains("unique-id") ? "[0-9a-f]{16}0{15}1" : "";
            String expected = "(?s).*" + CLIENT + ":" + client.getLocalPort() + " " + port + " id=" + id + "\\.";
            assertTrue(answer.matches(expected), answer);
            assertTrue(peer.isAlive());
            assertEquals(0, forwarder.stop());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "{ unique-id: true, checksum: true, tlvs: { \"0xE0\": eu-1 } }"})
    void shouldTellNginxTheClient(String header) throws Exception {
        String behind = """
                http {
                    access_log off;
                    server {
                        listen 127.0.0.1:%d proxy_protocol;
                        location / { return 200 "$proxy_protocol_addr:$proxy_protocol_port $proxy_protocol_server_port."; }
                    }
                }
                """.formatted(peerPort);
        try (PeerProxy peer = PeerProxy.nginx(directory, peerPort, behind);
                ForwarderProcess forwarder =
                        start(ForwarderYaml.to(port, "127.0.0.1:" + peerPort).pool("send-proxy: " + header));
                Socket client = Clients.connectFrom(CLIENT, port)) {
            Clients.write(client, REQUEST);
            String answer = Clients.readToEnd(client);
            assertTrue(answer.endsWith(CLIENT + ":" + client.getLocalPort() + " " + port + "."), answer);
            assertTrue(peer.isAlive());
            assertEquals(0, forwarder.stop());
        }
    }

    /** One id, from the first proxy to the last. */
    @Test
    void shouldPassOnTheIdThatHaproxyGave() throws Exception {
        String both = """
                frontend front
                    bind 127.0.0.1:%d
                    unique-id-format seen-by-the-first
                    default_backend forwarder
                backend forwarder
                    server forwarder 127.0.0.1:%d send-proxy-v2 proxy-v2-options unique-id
                frontend behind
                    mode http
                    bind 127.0.0.1:%d accept-proxy
                    http-request return status 200 content-type text/plain lf-string "%%[src] id=%%[fc_pp_unique_id]."
                """;
        int front = Ports.free(2);
        try (PeerProxy peer = PeerProxy.haproxy(directory, front, both.formatted(front, port, front + 1));
                ForwarderProcess forwarder = start(ForwarderYaml.to(port, "127.0.0.1:" + (front + 1))
                        .service(FROM_LOOPBACK)
                        .pool("send-proxy: { unique-id: true }"));
                Socket client = Clients.connectFrom(CLIENT, front)) {
            Clients.write(client, REQUEST);
            String answer = Clients.readToEnd(client);
            assertTrue(answer.endsWith(CLIENT + " id=seen-by-the-first."), answer);
            assertTrue(peer.isAlive());
            assertEquals(0, forwarder.stop());
        }
    }

    // ---- what clients do

    /** The bytes behind the header are bulky, so they are copied and then spliced. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1 << 20})
    void shouldRelayEveryByteBehindAHeaderHoweverItComes(int piece) throws Exception {
        byte[] bulk = new byte[BULK_BYTES];
        new Random(piece).nextBytes(bulk);
        byte[] header = "PROXY TCP6 2001:db8::1 2001:db8::2 4711 443\r\n".getBytes(StandardCharsets.US_ASCII);
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, echo).service(FROM_LOOPBACK));
                Socket client = Clients.connect(port)) {
            CompletableFuture<byte[]> echoed = CompletableFuture.supplyAsync(() -> {
                try {
                    return client.getInputStream().readNBytes(BULK_BYTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int at = 0; at < header.length; at += piece) {
                client.getOutputStream().write(header, at, Math.min(piece, header.length - at));
            }
            client.getOutputStream().write(bulk);
            assertArrayEquals(bulk, echoed.join());
            client.shutdownOutput();
            Clients.assertEnded(client);
            assertEquals(0, forwarder.stop());
            assertTrue(forwarder.total("bytes_spliced") > 0);
            assertEquals(BULK_BYTES, forwarder.total("bytes_to_backends"));
        }
    }

    @Test
    void shouldResetAClientThatKeepsItsHeaderToItself() throws Exception {
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, echo)
                        .service("proxy-protocol: { from: [\"127.0.0.1\"], timeout: 200ms }"));
                Socket silent = Clients.connect(port);
                Socket slow = Clients.connect(port)) {
            Clients.write(slow, "PROXY TCP4 ");
            Clients.assertReset(silent);
            Clients.assertReset(slow);
            assertEquals(0, echo.accepted());
            assertEquals(0, forwarder.stop());
            assertEquals(2, forwarder.total("closed_proxy_header_timeout"));
        }
    }

    @Test
    void shouldServeThoseThatMayComeWithout() throws Exception {
        try (TestBackend echo = TestBackend.echo();
                ForwarderProcess forwarder = start(ForwarderYaml.of(port, echo)
                        .service("proxy-protocol: { from: [\"127.0.0.1\"], require: false }"));
                Socket plain = Clients.connect(port);
                Socket proxied = Clients.connect(port)) {
            Clients.assertEchoes(plain, "POST / HTTP/1.1");
            Clients.write(proxied, "PROXY UNKNOWN\r\n");
            Clients.assertEchoes(proxied, "hello");
            assertEquals(0, forwarder.stop());
            assertEquals(1, forwarder.total("proxy_headers"));
        }
    }
}
