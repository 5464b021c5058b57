package io.penstock.forwarder;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what bash needs to complete commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script that makes bash complete commands and options; zsh reads it too, after bashcompinit.",
            "A distribution has it as share/bash-completion/completions/l4-forwarder."
        },
        footerHeading = "%nExamples:%n",
        footer = "  source <(l4-forwarder completion)")
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(script());
        out.flush();
        return ExitCode.OK;
    }

    static String script() {
        return AutoComplete.bash("l4-forwarder", ForwarderMain.commandLine());
    }
}
