package io.penstock.testing;

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
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A directory with files that configurations name, and one configuration file that is written and read again and again. Those of the
 * admin API are always there.
 *
 * @param <T> what the file is read into
 */
public class TemporaryConfig<T> implements AutoCloseable {
    public static final String TOKEN = "admin.token";
    public static final String CERTIFICATE = "admin.crt";
    public static final String KEY = "admin.key";
    public static final String AUTHORITIES = "ca.pem";
    private static final X509Bundle SERVER = certificate();

    private final Function<Path, T> reader;
    private final Path directory;

    /** @param reader of the process whose configurations these are */
    public TemporaryConfig(Function<Path, T> reader) {
        this.reader = reader;
        try {
            directory = Files.createTempDirectory("penstock-config");
            write(CERTIFICATE, SERVER.getCertificatePEM());
            write(AUTHORITIES, SERVER.getCertificatePEM());
            write(KEY, SERVER.getPrivateKeyPEM());
            Files.setPosixFilePermissions(
                    write(TOKEN, "a-token-for-tests\n"), PosixFilePermissions.fromString("rw-r-----"));
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

    /** Another file that configurations may name. */
    public final Path write(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public final Path file() {
        return directory.resolve("config.yaml");
    }

    public final Path resolve(String name) {
        return directory.resolve(name);
    }

    /**
     * Reads this text.
     *
     * @throws InvalidConfigException with all problems
     */
    public final T read(String yaml) {
        return read(yaml.getBytes(UTF_8));
    }

    /**
     * Reads these octets, whatever they are.
     *
     * @throws InvalidConfigException with all problems
     */
    public final T read(byte[] yaml) {
        try {
            return reader.apply(Files.write(file(), yaml));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public final List<ConfigProblem> problems(String yaml) {
        return problems(yaml.getBytes(UTF_8));
    }

    public final List<ConfigProblem> problems(byte[] yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (InvalidConfigException invalid) {
            return invalid.problems();
        }
    }

    /** Each as {@code line:column: key: rule (was x)}. */
    public final List<String> lines(String yaml) {
        String prefix = file() + ":";
        return problems(yaml).stream()
                .map(problem -> problem.toString().substring(prefix.length()))
                .toList();
    }

    /** {@code key: rule (was x)} of the only problem. */
    public final String onlyProblem(String yaml) {
        List<ConfigProblem> problems = problems(yaml);
        assertEquals(1, problems.size(), problems::toString);
        ConfigProblem problem = problems.get(0);
        return problem.key() + ": " + problem.rule() + " (was " + problem.was() + ")";
    }

    @Override
    public final void close() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
