package io.penstock.forwarder.client.xdp;

import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which pins are meant, as a {@code @Mixin}. */
final class NameOption {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "default",
            description =
                    "Tells several apart that share a BPF file system: xdp.name of the forwarder's file. Default: default.")
    private String name = "default";

    String value(CommandLine command) {
        if (!NAME.matcher(name).matches()) {
            throw new ParameterException(command, "--name: must be 1 to 32 of a to z, 0 to 9 and - (was " + name + ")");
        }
        return name;
    }
}
