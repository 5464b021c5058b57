package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.penstock.admin.AdminClient.NoAnswerException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.AdminCredentials.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server at two addresses with TLS: one for this host, one for all. */
@Timeout(60)
class AdminTlsTest {
    @TempDir
    private Path directory;

    private final BlockingQueue<AdminRefusal> refusals = new LinkedBlockingQueue<>();
    private final Router router = new Router()
                    .get("/thing", request -> AdminResponse.text(200, "a thing"))
                    .delete("/thing", request -> AdminResponse.done())
                    .stream("/events", (request, sink) -> {
                assertTrue(sink.trySend(new ServerSentEvent(1, "test", "x".repeat(100_000))));
                sink.close();
            });
    private X509Bundle authority;
    private AdminTls files;
    private Path tokenFile;
    private AdminAddress local;
    private AdminAddress everywhere;
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        authority = authority("CN=authority");
        Path ca = write("ca.crt", authority.getCertificatePEM());
        X509Bundle bundle = issued(authority, "CN=server");
        files = new AdminTls(
                write("server.crt", bundle.getCertificatePEM()),
                write("server.key", bundle.getPrivateKeyPEM()),
                Optional.of(ca));
        tokenFile = AdminRig.tokenFile(directory.resolve("token"), AdminRig.TOKEN);
        local = address("https://127.0.0.1:");
        everywhere = address("0.0.0.0:");
        server = AdminServer.start(
                new AdminConfig(List.of(local, everywhere), Optional.of(tokenFile), Optional.of(files)),
                router,
                new Refusals(),
                "tls");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private final class Refusals implements RequestListener {
        @Override
        public void onListening(List<AdminAddress> addresses) {}

        @Override
        public void onAnswered(String method, int status) {}

        @Override
        public void onRefused(AdminAddress address, AdminRefusal reason) {
            refusals.add(reason);
        }
    }

    private static AdminAddress address(String host) throws IOException {
        return AdminAddress.parse(host + AdminRig.freePort()).orElseThrow();
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle issued(X509Bundle authority, String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .addSanDnsName("admin.test")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Identity identity(X509Bundle issuer) throws Exception {
        X509Bundle bundle = issued(issuer, "CN=client");
        return new Identity(
                write("client.crt", bundle.getCertificatePEM()), write("client.key", bundle.getPrivateKeyPEM()));
    }

    private AdminCredentials credentials(Optional<Path> token, Optional<Identity> identity) {
        return new AdminCredentials(token, identity, files.clientCa(), Optional.of("admin.test"));
    }

    private static Reply send(AdminAddress address, AdminCredentials credentials, String method) throws Exception {
        try (AdminClient client = new AdminClient(address, credentials, Duration.ofSeconds(20))) {
            return client.send(method, "/thing", Optional.empty());
        }
    }

    private AdminCredentials nobody() {
        return credentials(Optional.empty(), Optional.empty());
    }

    @Test
    void shouldLetThisHostReadAndAskWhoGivesOrders() throws Exception {
        assertEquals(200, send(local, nobody(), "GET").status());
        assertEquals(401, send(local, nobody(), "DELETE").status());
        assertEquals(AdminRefusal.NO_CREDENTIALS, refusals.take());
        assertEquals(
                204,
                send(local, credentials(Optional.of(tokenFile), Optional.empty()), "DELETE")
                        .status());
        assertEquals(
                204,
                send(local, credentials(Optional.empty(), Optional.of(identity(authority))), "DELETE")
                        .status());
    }

    @Test
    void shouldTellOthersNothingBeforeItKnowsThem() throws Exception {
        assertEquals(401, send(everywhere, nobody(), "GET").status());
        assertEquals(AdminRefusal.NO_CREDENTIALS, refusals.take());
        Path wrong = AdminRig.tokenFile(directory.resolve("wrong"), "another-token-for-tests");
        assertEquals(
                401,
                send(everywhere, credentials(Optional.of(wrong), Optional.empty()), "GET")
                        .status());
        assertEquals(AdminRefusal.WRONG_TOKEN, refusals.take());
        assertEquals(
                200,
                send(everywhere, credentials(Optional.of(tokenFile), Optional.empty()), "GET")
                        .status());
        AdminCredentials certified = credentials(Optional.empty(), Optional.of(identity(authority)));
        assertEquals(200, send(everywhere, certified, "GET").status());
        assertEquals(204, send(everywhere, certified, "DELETE").status());
        assertTrue(refusals.isEmpty());
    }

    @Test
    void shouldSpeakWithNobodyWhoseCertificateIsOfAnotherAuthority() throws Exception {
        AdminCredentials stranger =
                credentials(Optional.of(tokenFile), Optional.of(identity(authority("CN=authority"))));
        assertThrows(NoAnswerException.class, () -> send(everywhere, stranger, "GET"));
        assertEquals(AdminRefusal.TLS_HANDSHAKE, refusals.take());
    }

    @Test
    void shouldNotTalkToAServerOfAnotherAuthorityOrName() throws Exception {
        Path other = write("other.crt", authority("CN=other").getCertificatePEM());
        AdminCredentials wrongAuthority =
                new AdminCredentials(Optional.of(tokenFile), Optional.empty(), Optional.of(other), Optional.empty());
        assertThrows(NoAnswerException.class, () -> send(local, wrongAuthority, "GET"));
        AdminCredentials wrongName = new AdminCredentials(
                Optional.of(tokenFile), Optional.empty(), files.clientCa(), Optional.of("other.test"));
        assertThrows(NoAnswerException.class, () -> send(local, wrongName, "GET"));
        AdminCredentials byAddress =
                new AdminCredentials(Optional.of(tokenFile), Optional.empty(), files.clientCa(), Optional.empty());
        assertEquals(200, send(local, byAddress, "GET").status());
    }

    @Test
    void shouldCountWhoSpeaksNoTls() throws Exception {
        int port = ((AdminAddress.Tcp) local).endpoint().port();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(AdminRig.request("GET /thing", "", "").getBytes(StandardCharsets.UTF_8));
            assertTrue(!AdminRig.readAll(socket).contains("HTTP"));
        }
        assertEquals(AdminRefusal.TLS_HANDSHAKE, refusals.take());
    }

    @Test
    void shouldStreamOverTls() throws Exception {
        List<ServerSentEvent> seen = new ArrayList<>();
        try (AdminClient client = new AdminClient(
                everywhere, credentials(Optional.of(tokenFile), Optional.empty()), Duration.ofSeconds(20))) {
            assertEquals(new Reply(200, ""), client.stream("/events", 0, seen::add));
        }
        assertEquals(100_000, seen.get(0).data().length());
    }

    @Test
    void shouldShowAnotherCertificateOnceItIsThereAndWhole() throws Exception {
        X509Bundle next = authority("CN=next");
        X509Bundle bundle = issued(next, "CN=server");
        AdminCredentials trustsNext = new AdminCredentials(
                Optional.empty(),
                Optional.empty(),
                Optional.of(write("next.crt", next.getCertificatePEM())),
                Optional.empty());
        write("server.crt", bundle.getCertificatePEM());
        assertEquals(200, send(local, nobody(), "GET").status(), "the key is not the new one's");
        write("server.key", bundle.getPrivateKeyPEM());
        assertEquals(200, send(local, trustsNext, "GET").status());
        assertThrows(NoAnswerException.class, () -> send(local, nobody(), "GET"));
    }

    @Test
    void shouldSayWhatIsWrongWithItsFiles() throws Exception {
        write("server.key", issued(authority, "CN=other").getPrivateKeyPEM());
        assertCheck("is not the key of the first certificate in ");
        write("server.key", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
        assertCheck("convert it: openssl pkcs8");
        write("server.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertCheck("is none of RSA, EC, EdDSA");
        Files.delete(directory.resolve("server.key"));
        assertCheck("does not exist");
        write("server.crt", "nothing");
        assertCheck("has no certificates in PEM form");
    }

    private void assertCheck(String message) {
        IOException refusal = assertThrows(IOException.class, () -> ServerTls.check(files));
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }
}
