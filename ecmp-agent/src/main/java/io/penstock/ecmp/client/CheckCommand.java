package io.penstock.ecmp.client;

import io.penstock.cli.ConfigOption;
import io.penstock.cli.Words;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads a configuration exactly as {@code run} would and says what is wrong with it. */
@Command(
        name = "check",
        description = {
            "Checks a configuration file and reports every problem in it.",
            "For one that is right it says how long clients may be led to a host that has failed."
        },
        footerHeading = "%nExamples:%n",
        footer = "  ecmp-agent check -c /etc/penstock/ecmp-agent.yaml")
public final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        EcmpConfig read = EcmpConfigReader.read(config.file());
        int legs = read.routes().values().stream()
                .mapToInt(route -> route.legs().size())
                .sum();
        PrintWriter out = spec.commandLine().getOut();
        out.println(config.file() + ": ok: " + Words.counted(read.vips().size(), "VIP") + ", "
                + Words.counted(read.routes().size(), "route") + ", " + Words.counted(legs, "leg"));
        ReactionTimes.lines(read).forEach(line -> out.println("note: " + line));
        out.flush();
        return ExitCode.OK;
    }
}
