package io.penstock.forwarder;

import io.penstock.cli.ConfigOption;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.tune.Host;
import io.penstock.forwarder.tune.TuneReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what the host lacks for a configuration; changes nothing. */
@Command(
        name = "tune",
        description = {
            "Compares this host with what a configuration needs of it, and explains each line.",
            "Limits of open files are those of this command, or of a running process with --pid."
        },
        footer = {
            "",
            "  l4-forwarder tune -c /etc/penstock/forwarder.yaml",
            "  l4-forwarder tune -c /etc/penstock/forwarder.yaml --pid $(systemctl show -P MainPID l4-forwarder)",
            "  l4-forwarder tune -c FILE --apply-file > /etc/sysctl.d/60-penstock.conf && sysctl --system",
            "",
            "ok: enough. better: works, and would work better. short: what the file promises",
            "cannot be kept. Exit code: 0 nothing is short, 1 something is."
        })
final class TuneCommand implements Callable<Integer> {
    private enum Format {
        TABLE,
        JSON;

        /** As it is written on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "table or json. Default: table.")
    private Format format = Format.TABLE;

    @Option(names = "--apply-file", description = "Print a file for sysctl.d instead, with what is not right.")
    private boolean applyFile;

    @Option(names = "--pid", paramLabel = "PID", description = "A running forwarder, whose own limits count.")
    private Optional<Long> pid = Optional.empty();

    @Override
    public Integer call() {
        String process = pid.isPresent() ? Long.toString(pid.get()) : "self";
        TuneReport report = TuneReport.of(ForwarderConfigReader.read(config.file()), Host.current(), process);
        PrintWriter out = spec.commandLine().getOut();
        if (applyFile) {
            out.print(report.sysctlFile());
        } else if (format == Format.JSON) {
            out.println(report.json());
        } else {
            report.printTable(out);
        }
        out.flush();
        return report.isShort() ? ExitCode.SOFTWARE : ExitCode.OK;
    }
}
