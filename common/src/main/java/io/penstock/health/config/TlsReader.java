package io.penstock.health.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.DnsName;
import io.penstock.config.KeyRules;
import io.penstock.config.NamedFile;
import io.penstock.health.Probe.Tls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** Reads {@code tls} of a check. */
final class TlsReader {
    private static final String NAME = "a DNS name such as web.internal";

    private final Path configFile;

    TlsReader(Path configFile) {
        this.configFile = configFile;
    }

    Tls read(ConfigSection tls) {
        Optional<String> serverName = tls.optional("server-name").flatMap(TlsReader::serverName);
        boolean verify = tls.bool("verify", true);
        Optional<Path> caFile = tls.optional("ca-file").flatMap(this::authorities);
        if (!verify) {
            KeyRules.onlyFor("verify: true", tls, "ca-file");
        }
        return new Tls(serverName, verify, caFile);
    }

    private static Optional<String> serverName(ConfigValue value) {
        return value.text(NAME).filter(name -> {
            if (!DnsName.isOne(name)) {
                value.problem("must be " + NAME);
                return false;
            }
            return true;
        });
    }

    private Optional<Path> authorities(ConfigValue value) {
        return NamedFile.read(value, configFile).filter(file -> {
            if (!hasCertificates(file)) {
                value.problem("must name a file of certificates in PEM form", file.toString());
                return false;
            }
            return true;
        });
    }

    private static boolean hasCertificates(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .isEmpty();
        } catch (IOException | CertificateException unreadable) {
            return false;
        }
    }
}
