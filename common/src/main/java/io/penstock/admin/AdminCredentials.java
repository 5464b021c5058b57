package io.penstock.admin;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a client shows a server, and whom it takes for one.
 *
 * @param tokenFile the token's; read when a request needs it
 * @param identity of this client in TLS
 * @param authorities of the server's certificate in PEM form; empty for those of the JVM
 * @param serverName what that certificate must be for; empty for the address
 */
public record AdminCredentials(
        Optional<Path> tokenFile,
        Optional<Identity> identity,
        Optional<Path> authorities,
        Optional<String> serverName) {
    /** Nothing to show. */
    public static final AdminCredentials NONE =
            new AdminCredentials(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** A certificate and its key, in PEM form. */
    public record Identity(Path certificate, Path key) {}

    public static AdminCredentials token(Path file) {
        return new AdminCredentials(Optional.of(file), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** @throws IOException when a file cannot be used; the message says which and why */
    SslContext sslContext() throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm("HTTPS");
        if (authorities.isPresent()) {
            builder.trustManager(PemFile.certificates(authorities.get()));
        }
        if (identity.isPresent()) {
            builder.keyManager(
                    PemFile.privateKey(identity.get().key()),
                    PemFile.certificates(identity.get().certificate()));
        }
        return builder.build();
    }
}
