package io.penstock.admin;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a server. When one of the files has changed, they are read again for the next connection; what is wrong with
 * them then is logged, and what was read before stays. On the event loop.
 */
public final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private static final int HANDSHAKE_TIMEOUT_S = 10;
    private static final int MAX_SESSIONS = 256;

    private final AdminTls files;
    private List<Map<String, Object>> read;
    private SslContext context;

    ServerTls(AdminTls files) throws IOException {
        this.files = files;
        read = state(files);
        context = context(files);
    }

    /**
     * Reads the files, and sees whether they fit.
     *
     * @throws IOException the message names the file and what is wrong with it
     */
    public static void check(AdminTls files) throws IOException {
        context(files);
    }

    SslHandler newHandler(ByteBufAllocator allocator) {
        readAgainIfChanged();
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeout(HANDSHAKE_TIMEOUT_S, TimeUnit.SECONDS);
        return handler;
    }

    private void readAgainIfChanged() {
        List<Map<String, Object>> now = state(files);
        if (now.equals(read)) {
            return;
        }
        read = now;
        try {
            context = context(files);
            LOG.info("event=admin-certificate-read file={}", files.certificate());
        } catch (IOException e) {
            LOG.warn(
                    "event=admin-certificate-not-read cause=\"{}\" effect=\"the one that was read before stays\"",
                    e.getMessage());
        }
    }

    /** Differs when one is another file, or written to: nobody can set ctime. */
    private static List<Map<String, Object>> state(AdminTls files) {
        List<Map<String, Object>> state = new ArrayList<>();
        for (Path file : all(files)) {
            try {
                state.add(Files.readAttributes(file, "unix:dev,ino,size,ctime"));
            } catch (IOException gone) {
                state.add(Map.of());
            }
        }
        return state;
    }

    private static List<Path> all(AdminTls files) {
        List<Path> all = new ArrayList<>(List.of(files.certificate(), files.key()));
        files.clientCa().ifPresent(all::add);
        return all;
    }

    private static SslContext context(AdminTls files) throws IOException {
        X509Certificate[] certificates = PemFile.certificates(files.certificate());
        PrivateKey key = PemFile.privateKey(files.key());
        if (!fits(key, certificates[0].getPublicKey())) {
            throw new IOException(files.key() + " is not the key of the first certificate in " + files.certificate());
        }
        SslContextBuilder builder = SslContextBuilder.forServer(key, certificates)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .sessionCacheSize(MAX_SESSIONS);
        if (files.clientCa().isPresent()) {
            // Not required: who has none may show the token, and is told so if not.
            builder.trustManager(PemFile.certificates(files.clientCa().get())).clientAuth(ClientAuth.OPTIONAL);
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IOException("cannot use " + files.certificate() + ": " + e.getMessage(), e);
        }
    }

    /** The JDK would find out with the first client, and tell only that. */
    private static boolean fits(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        byte[] anything = {1, 2, 3};
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(anything);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(anything);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
