package io.penstock.health;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whom probes trust, read once for all checks that ask for the same; a CA file that was changed is read again by the
 * checks made after that. On the event loop.
 */
final class TlsContexts {
    private final Map<Optional<Path>, Trusted> verifying = new HashMap<>();
    private SslContext trusting;

    private record Trusted(FileTime changed, SslContext context) {}

    SslContext of(Probe.Tls tls) throws IOException, GeneralSecurityException {
        if (!tls.verify()) {
            if (trusting == null) {
                trusting = builder()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .build();
            }
            return trusting;
        }
        FileTime changed = tls.caFile().isPresent()
                ? Files.getLastModifiedTime(tls.caFile().get())
                : FileTime.fromMillis(0);
        Trusted known = verifying.get(tls.caFile());
        if (known == null || !known.changed().equals(changed)) {
            known = new Trusted(changed, verifying(tls.caFile()));
            verifying.put(tls.caFile(), known);
        }
        return known.context();
    }

    private static SslContext verifying(Optional<Path> caFile) throws IOException, GeneralSecurityException {
        SslContextBuilder builder = builder().endpointIdentificationAlgorithm("HTTPS");
        try {
            caFile.ifPresent(file -> builder.trustManager(file.toFile()));
        } catch (IllegalArgumentException e) {
            // Without its cause, which does not name the file.
            throw new GeneralSecurityException("no certificates in " + caFile.get() + ": " + e.getMessage());
        }
        return builder.build();
    }

    private static SslContextBuilder builder() {
        // One session is remembered at most, and by TlsDialogue never found again.
        return SslContextBuilder.forClient().sslProvider(SslProvider.JDK).sessionCacheSize(1);
    }
}
