package io.penstock.testing;

import io.penstock.cli.ProblemPrinter;
import io.penstock.cli.ProgramNames;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command as it is typed, and what comes of it. */
public record Typed(int exitCode, String out, String err) {
    /**
     * Runs it in this process.
     *
     * @param program with its commands, as the process has them
     * @param names that shared commands call the process by
     */
    public static Typed of(Object program, ProgramNames names, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(program)
                .setResourceBundle(names)
                .setExecutionExceptionHandler(new ProblemPrinter())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Typed(exitCode, out.toString(), err.toString());
    }
}
