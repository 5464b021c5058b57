package io.penstock.forwarder;

import io.penstock.cli.CompletionCommand;
import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import io.penstock.forwarder.client.BackendCommand;
import io.penstock.forwarder.client.ConfigCommand;
import io.penstock.forwarder.client.ConnectionsCommand;
import io.penstock.forwarder.client.DrainCommand;
import io.penstock.forwarder.client.EventsCommand;
import io.penstock.forwarder.client.HealthCommand;
import io.penstock.forwarder.client.PoolCommand;
import io.penstock.forwarder.client.ReloadCommand;
import io.penstock.forwarder.client.ServiceCommand;
import io.penstock.forwarder.client.StatusCommand;
import io.penstock.forwarder.client.TopCommand;
import io.penstock.forwarder.client.xdp.XdpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code l4-forwarder} command. */
@Command(
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            TuneCommand.class,
            MaglevCommand.class,
            PickCommand.class,
            StatusCommand.class,
            TopCommand.class,
            EventsCommand.class,
            HealthCommand.class,
            ReloadCommand.class,
            BackendCommand.class,
            PoolCommand.class,
            ServiceCommand.class,
            ConnectionsCommand.class,
            DrainCommand.class,
            ConfigCommand.class,
            XdpCommand.class,
            CompletionCommand.class,
            ArchiveCommand.class,
            CommandLine.HelpCommand.class
        })
public final class ForwarderMain extends Program {
    private ForwarderMain() {}

    public static void main(String[] args) {
        System.exit(commandLine(args).execute(args));
    }

    /** What understands these arguments; without any it knows all commands. */
    static CommandLine commandLine(String... arguments) {
        boolean serving = arguments.length > 0 && arguments[0].equals(RunCommand.NAME);
        return new CommandLine(serving ? new Serving() : new ForwarderMain())
                .setResourceBundle(new ProgramNames("forwarder", "PENSTOCK_ADMIN"))
                .setExecutionExceptionHandler(new ProblemPrinter());
    }

    /** With no command but the one that clients wait for: picocli looks at each by reflection, a quarter of a start. */
    @Command(subcommands = RunCommand.class)
    private static final class Serving extends Program {}
}
