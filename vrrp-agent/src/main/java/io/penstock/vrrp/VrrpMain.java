package io.penstock.vrrp;

import io.penstock.cli.CompletionCommand;
import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import io.penstock.vrrp.client.CheckCommand;
import io.penstock.vrrp.client.EventsCommand;
import io.penstock.vrrp.client.FailoverCommand;
import io.penstock.vrrp.client.ImportCommand;
import io.penstock.vrrp.client.ResumeCommand;
import io.penstock.vrrp.client.SimulateCommand;
import io.penstock.vrrp.client.StatusCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code vrrp-agent} command. */
@Command(
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            EventsCommand.class,
            FailoverCommand.class,
            ResumeCommand.class,
            ImportCommand.class,
            SimulateCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class VrrpMain extends Program {
    private VrrpMain() {}

    public static void main(String[] args) {
        System.exit(commandLine(args).execute(args));
    }

    /** What understands these arguments; without any it knows all commands. */
    static CommandLine commandLine(String... arguments) {
        boolean serving = arguments.length > 0 && arguments[0].equals(RunCommand.NAME);
        return new CommandLine(serving ? new Serving() : new VrrpMain())
                .setResourceBundle(new ProgramNames("agent", "PENSTOCK_VRRP_ADMIN"))
                .setExecutionExceptionHandler(new ProblemPrinter());
    }

    /** With no command but the one that VIPs wait for: picocli looks at each by reflection, a quarter of a start. */
    @Command(subcommands = RunCommand.class)
    private static final class Serving extends Program {}
}
