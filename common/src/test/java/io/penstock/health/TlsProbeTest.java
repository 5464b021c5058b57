package io.penstock.health;

import static io.penstock.health.ProbeResult.Outcome.FAILURE;
import static io.penstock.health.ProbeResult.Outcome.NO_VERDICT;
import static io.penstock.health.ProbeResult.Outcome.SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.penstock.health.HealthCheck.Origin;
import io.penstock.linux.OpenFds;
import io.penstock.net.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(OpenFds.class)
class TlsProbeTest {
    private static X509Bundle authority;
    private static X509Bundle stranger;

    @TempDir
    private Path directory;

    private ProbeRig rig;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @BeforeAll
    static void makeAuthorities() throws Exception {
        authority = authority("CN=authority");
        stranger = authority("CN=stranger");
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static CertificateBuilder certificate() {
        return new CertificateBuilder().ecp256().subject("CN=server").addSanDnsName("web.test");
    }

    @BeforeEach
    void open() {
        rig = new ProbeRig();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "web.test,   true,  SUCCESS, TLS handshake",
        "other.test, true,  FAILURE, TLS: No subject alternative DNS name matching other.test found.",
        "'',         true,  FAILURE, TLS: No subject alternative names matching IP address 127.0.0.1 found",
        "other.test, false, SUCCESS, TLS handshake",
        "'',         false, SUCCESS, TLS handshake",
    })
    void shouldCheckName(String name, boolean verify, ProbeResult.Outcome outcome, String evidence) throws Exception {
        try (LoopbackServer server = server(certificate().buildIssuedBy(authority))) {
            assertEquals(
                    new ProbeResult(outcome, evidence),
                    rig.probe(handshake(tls(name, verify, authority)), server.port()));
            assertEquals(name, outcome == SUCCESS ? heard.poll(10, TimeUnit.SECONDS) : name);
        }
    }

    @Test
    void shouldCheckAddressWhenThereIsNoName() throws Exception {
        X509Bundle bundle = certificate().addSanIpAddress("127.0.0.1").buildIssuedBy(authority);
        try (LoopbackServer server = server(bundle)) {
            ProbeResult result = rig.probe(handshake(tls("", true, authority)), server.port());
            assertEquals(ProbeResult.success("TLS handshake"), result);
        }
    }

    @Test
    void shouldSendNameWithoutDot() throws Exception {
        try (LoopbackServer server = server(certificate().buildIssuedBy(authority))) {
            rig.probe(handshake(tls("web", false, authority)), server.port());
            assertEquals("web", heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldFailWhenAuthorityIsAnother() throws Exception {
        try (LoopbackServer server = server(certificate().buildIssuedBy(stranger))) {
            ProbeResult result = rig.probe(handshake(tls("web.test", true, authority)), server.port());
            assertEquals(FAILURE, result.outcome());
            assertTrue(result.evidence().startsWith("TLS: PKIX path"), result.evidence());
            // Nor does the Java runtime trust it.
            Probe.Tls tls = new Probe.Tls(Optional.of("web.test"), true, Optional.empty());
            assertEquals(FAILURE, rig.probe(handshake(tls), server.port()).outcome());
        }
    }

    @Test
    void shouldFailWhenCertificateHasExpired() throws Exception {
        CertificateBuilder expired = certificate()
                .notBefore(Instant.now().minusSeconds(7200))
                .notAfter(Instant.now().minusSeconds(3600));
        try (LoopbackServer server = server(expired.buildIssuedBy(authority))) {
            assertEquals(
                    FAILURE,
                    rig.probe(handshake(tls("web.test", true, authority)), server.port())
                            .outcome());
        }
    }

    /** A session that is resumed shows no certificate. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldMakeFullHandshakeEachTime(String protocol) throws Exception {
        X509Bundle bundle = certificate().buildIssuedBy(authority);
        CountingKeys keys = new CountingKeys(
                (X509ExtendedKeyManager) bundle.toKeyManagerFactory().getKeyManagers()[0]);
        Probe exchange = new Probe.Exchange(
                Octets.NONE,
                Optional.of(new Probe.Expect.Bytes(Octets.utf8("hi"))),
                Optional.of(tls("web.test", true, authority)));
        try (LoopbackServer server = server(keys, client -> {
            client.setEnabledProtocols(new String[] {protocol});
            client.getOutputStream().write("hi".getBytes(StandardCharsets.US_ASCII));
            LoopbackServer.awaitEnd(client);
        })) {
            Endpoint target = new Endpoint(ProbeRig.LOOPBACK, server.port());
            Prober prober = rig.begin(exchange, target, ProbeRig.LONG, Origin.PLAIN);
            for (int i = 1; i <= 3; i++) {
                assertEquals(SUCCESS, rig.run(prober).outcome());
                assertEquals(i, keys.shown.get());
            }
        }
    }

    /** Counts how often the certificate was shown. */
    private static final class CountingKeys extends X509ExtendedKeyManager {
        private final AtomicInteger shown = new AtomicInteger();
        private final X509ExtendedKeyManager keys;

        CountingKeys(X509ExtendedKeyManager keys) {
            this.keys = keys;
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            shown.incrementAndGet();
            return keys.getPrivateKey(alias);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyType, issuers, socket);
        }
    }

    @Test
    void shouldReadCaFileAgainWhenItChanged() throws Exception {
        Probe.Tls tls = tls("web.test", true, stranger);
        try (LoopbackServer server = server(certificate().buildIssuedBy(authority))) {
            assertEquals(FAILURE, rig.probe(handshake(tls), server.port()).outcome());
            Path file = tls.caFile().orElseThrow();
            Files.writeString(file, authority.getCertificatePEM());
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
            assertEquals(SUCCESS, rig.probe(handshake(tls), server.port()).outcome());
        }
    }

    @Test
    void shouldGiveNoVerdictWithoutCaFile() throws Exception {
        Path none = directory.resolve("none.pem");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "no certificate\n");
        try (LoopbackServer server = LoopbackServer.sending("")) {
            for (Path file : List.of(none, empty)) {
                Probe.Tls tls = new Probe.Tls(Optional.empty(), true, Optional.of(file));
                ProbeResult result = rig.probe(handshake(tls), server.port());
                assertEquals(NO_VERDICT, result.outcome());
                assertTrue(result.evidence().contains(file.toString()), result.evidence());
            }
        }
    }

    @Test
    void shouldFailWhenServerSpeaksNoTls() throws Exception {
        try (LoopbackServer server = LoopbackServer.sending("220 mail.test ESMTP\r\n")) {
            ProbeResult result = rig.probe(handshake(tls("web.test", false, authority)), server.port());
            assertEquals(FAILURE, result.outcome());
            assertTrue(result.evidence().startsWith("TLS: not an SSL/TLS record"), result.evidence());
        }
        try (LoopbackServer server = new LoopbackServer(Socket::shutdownOutput)) {
            assertEquals(
                    FAILURE,
                    rig.probe(handshake(tls("web.test", false, authority)), server.port())
                            .outcome());
        }
        try (LoopbackServer server = LoopbackServer.answering("")) {
            assertEquals(
                    ProbeResult.failure("no TLS handshake within 300 ms"),
                    rig.probe(handshake(tls("web.test", false, authority)), server.port(), ProbeRig.SHORT));
        }
    }

    @Test
    void shouldSpeakOverTls() throws Exception {
        Probe.Tls tls = tls("web.test", true, authority);
        Probe http = new Probe.Http(
                "GET",
                "/",
                Optional.of("web.test"),
                List.of(new Probe.StatusRange(200, 200)),
                Optional.of(new Probe.Expect.Bytes(Octets.utf8("fine"))),
                Optional.of(tls));
        Probe exchange = new Probe.Exchange(
                Octets.utf8("\r\n\r\n"), Optional.of(new Probe.Expect.Bytes(Octets.utf8("200"))), Optional.of(tls));
        try (LoopbackServer server = server(certificate().buildIssuedBy(authority), client -> {
            LoopbackServer.readHead(client);
            byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine".getBytes(StandardCharsets.US_ASCII);
            client.getOutputStream().write(answer);
            LoopbackServer.awaitEnd(client);
        })) {
            assertEquals(ProbeResult.success("HTTP status 200 and the expected body"), rig.probe(http, server.port()));
            assertEquals(ProbeResult.success("expected answer"), rig.probe(exchange, server.port()));
        }
    }

    private static Probe handshake(Probe.Tls tls) {
        return new Probe.Handshake(tls);
    }

    private Probe.Tls tls(String name, boolean verify, X509Bundle trusted) throws IOException {
        Path caFile = Files.writeString(directory.resolve("ca.pem"), trusted.getCertificatePEM());
        return new Probe.Tls(Optional.of(name).filter(text -> !text.isEmpty()), verify, Optional.of(caFile));
    }

    /** Shakes hands and says the name that was asked for. */
    private LoopbackServer server(X509Bundle bundle) throws Exception {
        return server(bundle, client -> {
            client.startHandshake();
            List<SNIServerName> names = ((ExtendedSSLSession) client.getSession()).getRequestedServerNames();
            heard.add(names.isEmpty() ? "" : new String(names.get(0).getEncoded(), StandardCharsets.US_ASCII));
            LoopbackServer.awaitEnd(client);
        });
    }

    private static LoopbackServer server(X509Bundle bundle, TlsService service) throws Exception {
        return server(bundle.toKeyManagerFactory().getKeyManagers()[0], service);
    }

    private static LoopbackServer server(KeyManager keys, TlsService service) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keys}, null, null);
        return new LoopbackServer(
                context.getServerSocketFactory().createServerSocket(0, 50, LoopbackServer.loopback()),
                client -> service.serve((SSLSocket) client));
    }

    private interface TlsService {
        void serve(SSLSocket client) throws IOException, InterruptedException;
    }
}
