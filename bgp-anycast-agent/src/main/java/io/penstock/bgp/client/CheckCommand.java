package io.penstock.bgp.client;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfigReader;
import io.penstock.cli.ConfigOption;
import io.penstock.cli.Words;
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
            "For one that is right it says what follows from it,",
            "and warns of what people often regret."
        },
        footerHeading = "%nExamples:%n",
        footer = "  bgp-anycast-agent check -c /etc/penstock/bgp-anycast-agent.yaml")
public final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        BgpConfig read = BgpConfigReader.read(config.file());
        PrintWriter out = spec.commandLine().getOut();
        String peers =
                read.peers().map(named -> Words.counted(named.size(), "peer")).orElse("peers of others");
        out.println(config.file() + ": ok: " + Words.counted(read.vips().size(), "VIP") + ", " + peers);
        Advice.lines(read).forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }
}
