package io.penstock.forwarder;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code -c FILE} of every command that reads a configuration; use as a {@code @Mixin}. */
final class ConfigOption {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration file.")
    private Path file;

    Path file() {
        return file;
    }

    /** Throws {@link io.penstock.config.InvalidConfigException}, which {@link ProblemPrinter} turns into exit code 1. */
    ForwarderConfig load() {
        return ForwarderConfigReader.read(file);
    }
}
