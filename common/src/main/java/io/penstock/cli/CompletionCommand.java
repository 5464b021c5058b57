package io.penstock.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what bash needs to complete commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script that makes bash complete commands and options; zsh reads it too, after bashcompinit.",
            "A distribution has it as share/bash-completion/completions/${ROOT-COMMAND-NAME}."
        },
        footerHeading = "%nExamples:%n",
        footer = "  source <(${ROOT-COMMAND-NAME} completion)")
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(script(spec.root().commandLine()));
        out.flush();
        return ExitCode.OK;
    }

    static String script(CommandLine program) {
        return AutoComplete.bash(program.getCommandName(), program);
    }
}
