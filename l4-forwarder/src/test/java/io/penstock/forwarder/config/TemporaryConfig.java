package io.penstock.forwarder.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.penstock.config.ConfigProblem;
import io.penstock.config.InvalidConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A directory with the files that the example names, and one configuration file that is written and read again and again. */
final class TemporaryConfig implements AutoCloseable {
    static final Path SHARE = Path.of("src/main/dist/share");
    static final String SECRET = "cluster.secret";
    static final String AUTHORITIES = "ca.pem";
    static final String CLIENTS = "clients.csv";
    static final String BLOCKED = "blocked.txt";
    static final String TOKEN = "admin.token";
    static final String CERTIFICATE = "admin.crt";
    static final String KEY = "admin.key";
    private static final X509Bundle SERVER = certificate();
    private static final String DATABASE = "GeoLite2-Country.mmdb";

    private final Path directory;

    TemporaryConfig() {
        try {
            directory = Files.createTempDirectory("penstock-config");
            Files.writeString(directory.resolve(SECRET), "0123456789abcdef\n");
            try (InputStream in = TemporaryConfig.class.getResourceAsStream(AUTHORITIES)) {
                Files.copy(in, directory.resolve(AUTHORITIES));
            }
            Files.createFile(directory.resolve(CLIENTS));
            Files.writeString(directory.resolve(BLOCKED), "192.0.2.0/24\n");
            Files.createFile(directory.resolve(DATABASE));
            Files.writeString(directory.resolve(CERTIFICATE), SERVER.getCertificatePEM());
            Files.writeString(directory.resolve(KEY), SERVER.getPrivateKeyPEM());
            Files.writeString(directory.resolve(TOKEN), "a-token-for-tests\n");
            Files.setPosixFilePermissions(directory.resolve(TOKEN), PosixFilePermissions.fromString("rw-r-----"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static X509Bundle certificate() {
        try {
            return new CertificateBuilder()
                    .ecp256()
                    .subject("CN=admin")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    Path file() {
        return directory.resolve("f.yaml");
    }

    ForwarderConfig read(String yaml) {
        return read(yaml.getBytes(UTF_8));
    }

    ForwarderConfig read(byte[] yaml) {
        try {
            return ForwarderConfigReader.read(Files.write(file(), yaml));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    List<ConfigProblem> problems(String yaml) {
        return problems(yaml.getBytes(UTF_8));
    }

    List<ConfigProblem> problems(byte[] yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (InvalidConfigException invalid) {
            return invalid.problems();
        }
    }

    /** Each as {@code line:column: key: rule (was x)}. */
    List<String> lines(String yaml) {
        String prefix = file() + ":";
        return problems(yaml).stream()
                .map(problem -> problem.toString().substring(prefix.length()))
                .toList();
    }

    /** The only pool of a file, with these keys. */
    PoolConfig pool(String keys) {
        return read(poolYaml(keys)).pools().get("web");
    }

    /** The rule that the only problem of this pool breaks, with its key and what was there. */
    String poolProblem(String keys) {
        return onlyProblem(poolYaml(keys));
    }

    /** {@code key: rule (was x)} of the only problem. */
    String onlyProblem(String yaml) {
        List<ConfigProblem> problems = problems(yaml);
        assertEquals(1, problems.size(), problems::toString);
        ConfigProblem problem = problems.get(0);
        return problem.key() + ": " + problem.rule() + " (was " + problem.was() + ")";
    }

    private static String poolYaml(String keys) {
        return "services: { web: { listen: \"*:80\" } }\npools: { web: { " + keys + " } }\n";
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file());
            for (String name : List.of(SECRET, AUTHORITIES, CLIENTS, BLOCKED, DATABASE, CERTIFICATE, KEY, TOKEN)) {
                Files.deleteIfExists(directory.resolve(name));
            }
            Files.deleteIfExists(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
