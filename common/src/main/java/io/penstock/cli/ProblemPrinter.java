package io.penstock.cli;

import io.penstock.config.InvalidConfigException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What every command does with a wrong configuration: a line per problem, a last line with their number, exit code 1. */
public final class ProblemPrinter implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof InvalidConfigException invalid) {
            print(invalid, command.getErr());
            return ExitCode.SOFTWARE;
        }
        throw failure;
    }

    private static void print(InvalidConfigException invalid, PrintWriter err) {
        invalid.problems().forEach(err::println);
        err.println(invalid.getMessage());
        err.flush();
    }
}
