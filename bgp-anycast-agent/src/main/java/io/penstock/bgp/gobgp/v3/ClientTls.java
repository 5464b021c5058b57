package io.penstock.bgp.gobgp.v3;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.admin.PemFile;
import io.penstock.bgp.config.DaemonConfig;
import java.io.IOException;

/** TLS as a client of a daemon; the daemon's certificate must be for its address, or the name that is configured. */
final class ClientTls {
    private ClientTls() {}

    /** Reads the files; which one is wrong, and how, is in the exception's message. */
    static SslContext context(DaemonConfig.Tls tls) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (tls.ca().isPresent()) {
            builder.trustManager(PemFile.certificates(tls.ca().get()));
        }
        if (tls.identity().isPresent()) {
            DaemonConfig.Identity identity = tls.identity().get();
            builder.keyManager(PemFile.privateKey(identity.key()), PemFile.certificates(identity.certificate()));
        }
        try {
            return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
        } catch (IllegalArgumentException | IOException e) {
            throw new IOException("TLS: " + e.getMessage(), e);
        }
    }
}
