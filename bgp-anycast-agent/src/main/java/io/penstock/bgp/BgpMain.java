package io.penstock.bgp;

import io.penstock.bgp.client.DrainCommand;
import io.penstock.bgp.client.EventsCommand;
import io.penstock.bgp.client.StatusCommand;
import io.penstock.bgp.client.UndrainCommand;
import io.penstock.bgp.client.WithdrawCommand;
import io.penstock.cli.CompletionCommand;
import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code bgp-anycast-agent} command. */
@Command(
        subcommands = {
            StatusCommand.class,
            EventsCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            WithdrawCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class BgpMain extends Program {
    private BgpMain() {}

    public static void main(String[] args) {
        System.exit(commandLine(args).execute(args));
    }

    /** What understands these arguments; without any it knows all commands. */
    static CommandLine commandLine(String... arguments) {
        return new CommandLine(new BgpMain())
                .setResourceBundle(new ProgramNames("agent", "PENSTOCK_BGP_ADMIN"))
                .setExecutionExceptionHandler(new ProblemPrinter());
    }
}
