package io.penstock.ecmp.client;

import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A command as it is typed, and what comes of it. */
record Typed(int exitCode, String out, String err) {
    @Command(
            name = "ecmp-agent",
            subcommands = {
                CheckCommand.class,
                PlanCommand.class,
                StatusCommand.class,
                WithdrawCommand.class,
                ResumeCommand.class,
                LeasesCommand.class
            })
    private static final class Program {}

    static Typed of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new Program())
                .setResourceBundle(new ProgramNames("agent", "PENSTOCK_ECMP_ADMIN"))
                .setExecutionExceptionHandler(new ProblemPrinter())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Typed(exitCode, out.toString(), err.toString());
    }
}
