package io.penstock.forwarder;

import io.penstock.cli.ConfigOption;
import io.penstock.cli.Words;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.geo.ClientPlaces;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads a configuration exactly as {@code run} would and says what is wrong with it. */
@Command(name = "check", description = "Checks a configuration file and reports every problem in it.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        ForwarderConfig read = ForwarderConfigReader.read(config.file());
        ClientPlaces unused = ClientPlaces.read(read);
        int backends = read.pools().values().stream()
                .mapToInt(pool -> pool.backends().size())
                .sum();
        spec.commandLine()
                .getOut()
                .println(config.file()
                        + ": ok: "
                        + Words.counted(read.services().size(), "service")
                        + ", "
                        + Words.counted(read.pools().size(), "pool")
                        + ", "
                        + Words.counted(backends, "backend"));
        PacketNotes.lines(read).forEach(line -> spec.commandLine().getOut().println("note: " + line));
        PoolChecks.lines(read).forEach(line -> spec.commandLine().getOut().println("note: " + line));
        return ExitCode.OK;
    }
}
