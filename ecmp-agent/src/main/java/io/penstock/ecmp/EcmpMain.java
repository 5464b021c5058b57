package io.penstock.ecmp;

import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import io.penstock.cli.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code ecmp-agent} command. */
@Command(
        name = "ecmp-agent",
        description = "Owns VIPs under leases and leads kernel multipath routes, gated by health.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, CommandLine.HelpCommand.class},
        scope = CommandLine.ScopeType.INHERIT)
public final class EcmpMain {
    private EcmpMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new EcmpMain())
                .setResourceBundle(new ProgramNames("agent", "PENSTOCK_ECMP_ADMIN"))
                .setExecutionExceptionHandler(new ProblemPrinter());
    }
}
