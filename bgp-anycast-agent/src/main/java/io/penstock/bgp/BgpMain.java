package io.penstock.bgp;

import io.penstock.bgp.client.CheckCommand;
import io.penstock.bgp.client.DrainCommand;
import io.penstock.bgp.client.EventsCommand;
import io.penstock.bgp.client.PlanCommand;
import io.penstock.bgp.client.StatusCommand;
import io.penstock.bgp.client.UndrainCommand;
import io.penstock.bgp.client.WithdrawCommand;
import io.penstock.bgp.guard.GuardProgram;
import io.penstock.cli.CompletionCommand;
import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code bgp-anycast-agent} command. */
@Command(
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            PlanCommand.class,
            StatusCommand.class,
            EventsCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            WithdrawCommand.class,
            GuardCommand.class,
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
        return new CommandLine(program(arguments.length == 0 ? "" : arguments[0]))
                .setResourceBundle(new ProgramNames("agent", "PENSTOCK_BGP_ADMIN"))
                .setExecutionExceptionHandler(new ProblemPrinter());
    }

    private static Program program(String command) {
        return switch (command) {
            case RunCommand.NAME -> new Serving();
            case GuardProgram.COMMAND -> new Guarding();
            default -> new BgpMain();
        };
    }

    /** With no command but the one that VIPs wait for: picocli looks at each by reflection, a quarter of a start. */
    @Command(subcommands = RunCommand.class)
    private static final class Serving extends Program {}

    /** The same for what is started beside it. */
    @Command(subcommands = GuardCommand.class)
    private static final class Guarding extends Program {}
}
