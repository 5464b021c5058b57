package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of check: a backend that still accepts is taken out when its check says so, and comes back. */
@Timeout(60)
class ProbesIT {
    private static final String TIMES =
            "interval: 200ms, fast-interval: 50ms, timeout: 200ms, rise: 2, fall: 2, initial: fully-up";

    /** Makes the service behind the check well or sick. */
    private interface Health {
        void set(boolean well) throws Exception;
    }

    @TempDir
    Path directory;

    private final int port = Ports.free();
    private NamedBackends backends;
    private volatile boolean well = true;

    @BeforeEach
    void startBackend() throws Exception {
        backends = NamedBackends.running(1);
    }

    @AfterEach
    void stopBackend() {
        backends.close();
    }

    @Test
    void shouldGoByTheStatusOfAnHttpAnswer() throws Exception {
        try (TestBackend site = site("200 OK", "ready", "503 Service Unavailable", "ready")) {
            assertFollows(
                    "http: { port: " + site.port() + ", path: /health, host: web.test, status: [200, 204] }", "503");
        }
    }

    @Test
    void shouldGoByTheBodyOfAnHttpAnswer() throws Exception {
        try (TestBackend site = site("200 OK", "queue: 12\n", "200 OK", "queue: full\n")) {
            assertFollows(
                    "http: { port: " + site.port()
                            + ", path: /health, host: web.test, body: { regex: \"queue: [0-9]+\" } }",
                    "200, but not the expected body");
        }
    }

    @Test
    void shouldGoByADatagram() throws Exception {
        try (DatagramSocket service = new DatagramSocket(0, InetAddress.getByName(NamedBackends.host("a")))) {
            answerDatagrams(service);
            assertFollows(
                    "udp: { port: " + service.getLocalPort() + ", send: ping, expect: pong }",
                    "not the expected answer");
        }
    }

    @Test
    void shouldGoByATlsHandshake() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .ecp256()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle server = new CertificateBuilder()
                .ecp256()
                .subject("CN=server")
                .addSanDnsName("web.test")
                .buildIssuedBy(authority);
        Path authorities = Files.writeString(directory.resolve("authorities.pem"), authority.getCertificatePEM());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(server.toKeyManagerFactory().getKeyManagers(), null, null);
        try (TestBackend service = onHostOfBackend(socket -> handshake(context, socket))) {
            assertFollows(
                    "tls: { port: " + service.port() + ", server-name: web.test, ca-file: " + authorities + " }",
                    "TLS");
        }
    }

    private void handshake(SSLContext context, Socket socket) throws IOException {
        if (well) {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            tls.setUseClientMode(false);
            tls.startHandshake();
        } else {
            Clients.write(socket, "220 no TLS here\r\n");
        }
    }

    @Test
    void shouldGoByAnExchange() throws Exception {
        try (TestBackend service = onHostOfBackend(socket -> {
            String answer = Clients.read(socket, 6).equals("PING\r\n") && well ? "+PONG\r\n" : "-LOADING\r\n";
            Clients.write(socket, answer);
        })) {
            assertFollows(
                    "exchange: { port: " + service.port()
                            + ", send: \"PING\\r\\n\", expect: { regex: \"^\\\\+PONG\" } }",
                    "without the expected answer");
        }
    }

    /** The program is told which backend it is for. */
    @Test
    void shouldGoByTheExitCodeOfAProgram() throws Exception {
        Path marks = Files.createDirectory(directory.resolve("well"));
        Path mark = marks.resolve(backends.address("a"));
        Files.createFile(mark);
        Path program = Files.writeString(
                directory.resolve("check"), "#!/bin/sh\ntest -e \"$1/$PENSTOCK_ADDRESS:$PENSTOCK_PORT\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        // A program takes a while to begin.
        assertFollows(
                "{ exec: { command: [\"" + program + "\", \"" + marks
                        + "\"] }, interval: 1s, fast-interval: 50ms, rise: 1 }",
                "exit code 1",
                isWell -> {
                    if (isWell) {
                        Files.createFile(mark);
                    } else {
                        Files.delete(mark);
                    }
                });
    }

    @Test
    void shouldCheckFromTheSourceAndSayItIsAProxy() throws Exception {
        ConcurrentHashMap<String, Integer> heads = new ConcurrentHashMap<>();
        try (TestBackend service = onHostOfBackend(socket -> {
            String head = head(socket);
            String ends = "TCP4 127.0.0.7 127.0.0.11 " + socket.getPort() + " " + socket.getLocalPort();
            heads.merge(head.replace(ends, "TCP4 both ends"), 1, Integer::sum);
            if (socket.getInetAddress().getHostAddress().equals("127.0.0.7") && well) {
                Clients.write(socket, "HTTP/1.1 204 No Content\r\n\r\n");
            }
        })) {
            assertFollows(
                    "http: { port: " + service.port() + ", host: web.test }, source: 127.0.0.7, proxy-protocol: v1",
                    "connection closed before");
            assertEquals(1, heads.size(), heads::toString);
            String head = heads.keys().nextElement();
            assertTrue(head.startsWith("PROXY TCP4 both ends\nGET / HTTP/1.1\n"), head);
        }
    }

    @Test
    void shouldWantTwoOfThreeChecks() throws Exception {
        Map<String, Boolean> sick = new ConcurrentHashMap<>();
        AtomicInteger failures = new AtomicInteger();
        try (TestBackend one = refusing("one", sick, failures);
                TestBackend two = refusing("two", sick, failures);
                TestBackend three = refusing("three", sick, failures);
                ForwarderProcess forwarder =
                        start("{ require: { at-least: 2 }, checks: { one: " + exchange(one) + ", two: " + exchange(two)
                                + ", three: " + exchange(three) + " }, " + ForwarderYaml.CHECK_TIMES + " }")) {
            Await.until("each asked", () -> one.accepted() > 0 && two.accepted() > 0 && three.accepted() > 0);
            sick.put("two", true);
            // Twice as often as it takes to go down.
            Await.until("two is sick", () -> failures.get() >= 4);
            assertEquals("a", NamedBackends.ask(port));
            assertEquals(0, forwarder.logged("event=backend"), forwarder.log());
            sick.put("three", true);
            forwarder.awaitLog("event=backend", "from=UP to=DOWN reason=check", "evidence=\"three: ");
            Await.until("no backend", this::isRefused);
            sick.remove("two");
            forwarder.awaitLog("event=backend", "from=DOWN to=UP reason=check", "evidence=\"two: ");
            Await.until("served", () -> !isRefused());
            assertEquals(0, forwarder.stop());
        }
    }

    private static String exchange(TestBackend service) {
        return "{ exchange: { port: " + service.port() + ", expect: fine } }";
    }

    private static TestBackend refusing(String name, Map<String, Boolean> sick, AtomicInteger failures)
            throws IOException {
        return onHostOfBackend(socket -> {
            if (sick.containsKey(name)) {
                failures.incrementAndGet();
            } else {
                Clients.write(socket, "fine");
            }
        });
    }

    private void assertFollows(String probe, String evidence) throws Exception {
        assertFollows("{ " + probe + ", " + TIMES + " }", evidence, isWell -> well = isWell);
    }

    /** Clients are reset while the only backend's check fails, though it would serve them, and are served afterwards. */
    private void assertFollows(String health, String evidence, Health service) throws Exception {
        try (ForwarderProcess forwarder = start(health)) {
            assertEquals("a", NamedBackends.ask(port));
            service.set(false);
            forwarder.awaitLog("event=backend", "backend=test/a from=UP to=DOWN reason=check evidence=", evidence);
            Await.until("no backend", this::isRefused);
            service.set(true);
            forwarder.awaitLog("event=backend", "backend=test/a from=DOWN to=UP reason=check evidence=");
            Await.until("served", () -> !isRefused());
            assertEquals(0, forwarder.stop());
        }
    }

    private boolean isRefused() {
        try {
            return !NamedBackends.ask(port).equals("a");
        } catch (IOException reset) {
            return true;
        }
    }

    /** Answers what was asked of the right host, one way while it is well and another way when it is not. */
    private TestBackend site(String wellStatus, String wellBody, String sickStatus, String sickBody)
            throws IOException {
        return onHostOfBackend(socket -> {
            String head = head(socket);
            boolean known = head.startsWith("GET /health HTTP/1.1\n") && head.contains("\nhost: web.test\n");
            String status = well ? wellStatus : sickStatus;
            String body = well ? wellBody : sickBody;
            Clients.write(
                    socket,
                    "HTTP/1.1 " + (known ? status : "421 Misdirected Request") + "\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body);
        });
    }

    /** To the empty line; names of fields in lower case. */
    private static String head(Socket socket) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            head.append(line.replace("Host:", "host:")).append('\n');
        }
        return head.toString();
    }

    private void answerDatagrams(DatagramSocket socket) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!socket.isClosed()) {
                            DatagramPacket packet = new DatagramPacket(new byte[64], 64);
                            socket.receive(packet);
                            byte[] answer = (well ? "pong" : "busy").getBytes(StandardCharsets.US_ASCII);
                            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                        }
                    } catch (SocketException closed) {
                        // The test is over.
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "datagrams");
        thread.setDaemon(true);
        thread.start();
    }

    private static TestBackend onHostOfBackend(TestBackend.Script script) throws IOException {
        return TestBackend.at(NamedBackends.host("a"), 0, script);
    }

    private ForwarderProcess start(String health) throws Exception {
        return ForwarderProcess.start(
                directory, backends.pool(port).health(health).text());
    }
}
