package io.penstock.ecmp;

import io.penstock.cli.CompletionCommand;
import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import io.penstock.ecmp.client.CheckCommand;
import io.penstock.ecmp.client.LeasesCommand;
import io.penstock.ecmp.client.PlanCommand;
import io.penstock.ecmp.client.ResumeCommand;
import io.penstock.ecmp.client.StatusCommand;
import io.penstock.ecmp.client.WithdrawCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code ecmp-agent} command. */
@Command(
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            PlanCommand.class,
            StatusCommand.class,
            WithdrawCommand.class,
            ResumeCommand.class,
            LeasesCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class EcmpMain extends Program {
    private EcmpMain() {}

    public static void main(String[] args) {
        System.exit(commandLine(args).execute(args));
    }

    /** What understands these arguments; without any it knows all commands. */
    static CommandLine commandLine(String... arguments) {
        boolean serving = arguments.length > 0 && arguments[0].equals(RunCommand.NAME);
        return new CommandLine(serving ? new Serving() : new EcmpMain())
                .setResourceBundle(new ProgramNames("agent", "PENSTOCK_ECMP_ADMIN"))
                .setExecutionExceptionHandler(new ProblemPrinter());
    }

    /** With no command but the one that VIPs wait for: picocli looks at each by reflection, a quarter of a start. */
    @Command(subcommands = RunCommand.class)
    private static final class Serving extends Program {}
}
