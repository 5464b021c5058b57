package io.penstock.ecmp.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.penstock.config.ConfigProblem;
import io.penstock.config.InvalidConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A directory with the files that the example names, and one configuration file that is written and read again and again. */
final class TemporaryConfig implements AutoCloseable {
    static final Path SHARE = Path.of("src/main/dist/share");
    static final String TOKEN = "admin.token";
    static final String CERTIFICATE = "admin.crt";
    static final String KEY = "admin.key";
    static final String AUTHORITIES = "ca.pem";
    private static final X509Bundle SERVER = certificate();

    private final Path directory;

    TemporaryConfig() {
        try {
            directory = Files.createTempDirectory("penstock-ecmp-config");
            Files.writeString(directory.resolve(CERTIFICATE), SERVER.getCertificatePEM());
            Files.writeString(directory.resolve(AUTHORITIES), SERVER.getCertificatePEM());
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
        return directory.resolve("e.yaml");
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    EcmpConfig read(String yaml) {
        return read(yaml.getBytes(UTF_8));
    }

    EcmpConfig read(byte[] yaml) {
        try {
            return EcmpConfigReader.read(Files.write(file(), yaml));
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

    /** {@code key: rule (was x)} of the only problem. */
    String onlyProblem(String yaml) {
        List<ConfigProblem> problems = problems(yaml);
        assertEquals(1, problems.size(), problems::toString);
        ConfigProblem problem = problems.get(0);
        return problem.key() + ": " + problem.rule() + " (was " + problem.was() + ")";
    }

    /** The only VIP of a file, with these keys. */
    VipConfig vip(String keys) {
        return read(vipYaml(keys)).vips().get("web");
    }

    /** The only route of a file, with these keys. */
    RouteConfig route(String keys) {
        return read(routeYaml(keys)).routes().get("web");
    }

    static String vipYaml(String keys) {
        return "vips: { web: { " + keys + " } }\n";
    }

    static String routeYaml(String keys) {
        return "routes: { web: { " + keys + " } }\n";
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file());
            for (String name : List.of(CERTIFICATE, AUTHORITIES, KEY, TOKEN)) {
                Files.deleteIfExists(directory.resolve(name));
            }
            Files.deleteIfExists(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
