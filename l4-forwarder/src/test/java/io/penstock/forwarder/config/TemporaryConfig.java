package io.penstock.forwarder.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.config.ConfigProblem;
import io.penstock.config.InvalidConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory with a secret and one configuration file that is written and read again and again. */
final class TemporaryConfig implements AutoCloseable {
    static final Path SHARE = Path.of("src/main/dist/share");
    static final String SECRET = "cluster.secret";

    private final Path directory;

    TemporaryConfig() {
        try {
            directory = Files.createTempDirectory("penstock-config");
            Files.writeString(directory.resolve(SECRET), "0123456789abcdef\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
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

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file());
            Files.deleteIfExists(directory.resolve(SECRET));
            Files.deleteIfExists(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
