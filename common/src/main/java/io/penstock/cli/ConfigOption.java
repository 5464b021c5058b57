package io.penstock.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code -c FILE} of every command that reads a configuration; use as a {@code @Mixin}. */
public final class ConfigOption {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration file.")
    private Path file;

    public Path file() {
        return file;
    }
}
