package io.penstock.bgp.gobgp.v3;

import static io.penstock.bgp.gobgp.v3.GobgpRig.done;
import static io.penstock.bgp.gobgp.v3.GobgpRig.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client over TLS with a real gobgpd. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GobgpTlsIT {
    @TempDir
    private Path directory;

    private GobgpRig rig;

    @BeforeEach
    void make() {
        rig = new GobgpRig(directory);
    }

    @AfterEach
    void closeAll() throws Exception {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void shouldSpeakOverTlsToADaemonItCanBelieve() throws Exception {
        X509Bundle daemon = certificate(rig.host());
        Path certificate = Files.writeString(directory.resolve("daemon.crt"), daemon.getCertificatePEM());
        Path key = Files.writeString(directory.resolve("daemon.key"), daemon.getPrivateKeyPEM());
        rig.gobgpd("--tls", "--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString());
        Path other = Files.writeString(
                directory.resolve("other.crt"), certificate(rig.host()).getCertificatePEM());
        // gobgpd 3.10 does not ask for one, and does not mind.
        Optional<DaemonConfig.Identity> own = Optional.of(new DaemonConfig.Identity(certificate, key));

        try (GobgpV3 client = overTls(certificate, own, Optional.empty())) {
            done(client.start(GobgpRig.GLOBAL));
            assertEquals(65_001, done(client.identity()).asn());
        }
        try (GobgpV3 client = overTls(certificate, Optional.empty(), Optional.of("gobgp.example"))) {
            assertEquals(65_001, done(client.identity()).asn());
        }
        try (GobgpV3 client = overTls(certificate, Optional.empty(), Optional.of("other.example"))) {
            assertEquals(Kind.UNREACHABLE, refused(client.identity()).kind());
        }
        try (GobgpV3 client = overTls(other, Optional.empty(), Optional.empty())) {
            assertEquals(Kind.UNREACHABLE, refused(client.identity()).kind());
        }
        assertEquals(
                Kind.UNREACHABLE,
                refused(rig.client(GobgpRig.TIMEOUT).identity()).kind(),
                "in the clear");
    }

    @Test
    void shouldReadItsCertificatesAnewForEachConnection() throws Exception {
        X509Bundle daemon = certificate(rig.host());
        Path certificate = Files.writeString(directory.resolve("daemon.crt"), daemon.getCertificatePEM());
        Path key = Files.writeString(directory.resolve("daemon.key"), daemon.getPrivateKeyPEM());
        rig.gobgpd("--tls", "--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString());
        Path believed = directory.resolve("ca.crt");
        GobgpV3 client = rig.closing(overTls(believed, Optional.empty(), Optional.empty()));

        DaemonException failure = refused(client.identity());
        assertEquals(Kind.UNREACHABLE, failure.kind());
        assertTrue(failure.getMessage().contains(believed.toString()), failure.getMessage());
        HeardEvents heard = new HeardEvents();
        rig.closing(client.watch(heard));
        heard.expect("lost UNREACHABLE");

        Files.copy(certificate, believed);
        assertFalse(done(client.identity()).isStarted());
    }

    private static X509Bundle certificate(String address) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=gobgpd")
                .addSanIpAddress(address)
                .addSanDnsName("gobgp.example")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private GobgpV3 overTls(Path ca, Optional<DaemonConfig.Identity> identity, Optional<String> serverName) {
        return GobgpV3.open(new DaemonConfig(
                rig.address(),
                Optional.of(new DaemonConfig.Tls(Optional.of(ca), identity, serverName)),
                GobgpRig.TIMEOUT,
                GobgpRig.TIMEOUT));
    }
}
