package io.penstock.admin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM form (RFC 7468). Failures name the file and what is wrong with it, never its content. */
public final class PemFile {
    private static final int MAX_OCTETS = 1 << 20;

    /** What a certificate of this age can have. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PemFile() {}

    /** At least one, in the order of the file. */
    public static X509Certificate[] certificates(Path file) throws IOException {
        X509Certificate[] certificates;
        try {
            certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(octets(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw new IOException(file + " has no certificates in PEM form", e);
        }
        if (certificates.length == 0) {
            throw new IOException(file + " has no certificates in PEM form");
        }
        return certificates;
    }

    public static PrivateKey privateKey(Path file) throws IOException {
        String text = new String(octets(file), StandardCharsets.ISO_8859_1);
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new IOException(file + " has no private key in PEM form, PKCS #8 and not encrypted"
                    + (text.contains("PRIVATE KEY-----") ? "; convert it: openssl pkcs8 -topk8 -nocrypt" : ""));
        }
        try {
            PKCS8EncodedKeySpec encoded =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
            for (String algorithm : ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (GeneralSecurityException another) {
                    // One of the others, perhaps.
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is wrongly encoded", e);
        }
        throw new IOException("the private key in " + file + " is none of " + String.join(", ", ALGORITHMS));
    }

    private static byte[] octets(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_OCTETS);
        } catch (IOException e) {
            throw Unreadable.because(file, e);
        }
    }
}
