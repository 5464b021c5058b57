package io.penstock.forwarder.client.xdp;

import io.penstock.cli.OutputOptions;
import io.penstock.forwarder.xdp.backend.BackendHost;
import io.penstock.forwarder.xdp.backend.BackendHost.Result;
import io.penstock.forwarder.xdp.backend.Finding;
import io.penstock.linux.LinuxSyscalls;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prepares the host of a backend for direct server return. */
@Command(
        name = "backend",
        description = {
            "Prepares this host to be a backend of a service with mode: dsr, or says what it lacks.",
            "It puts the VIP on lo, keeps ARP from telling of it, takes the tunnel off and has clients send segments"
                    + " that fit it. What is right already stays as it is, so it may run at every boot."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder xdp backend --vip 192.0.2.10:80 --encapsulation l2 --interface eth0",
            "  l4-forwarder xdp backend --vip 192.0.2.10:80 --vip [2001:db8::10]:80 --encapsulation ipip \\",
            "      --interface eth0 --source 10.0.0.0/24",
            "  l4-forwarder xdp backend --vip 192.0.2.53:53/udp --encapsulation vxlan --vni 100 --interface eth0 --check",
            "",
            "ok: right. hint: cannot be told from here, or worth a look. missing: packets are lost without it.",
            "Exit code: 0 nothing is missing, 1 something is. A server that does not listen counts with --check only: hosts"
                    + " are prepared before their servers start."
        })
final class HostCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private PlanOptions options;

    @Mixin
    private OutputOptions output;

    @ArgGroup
    private Mode mode = new Mode();

    private static final class Mode {
        @Option(
                names = "--check",
                description = "Change nothing; say what is right, what is missing and what mends it.")
        private boolean check;

        @Option(
                names = "--remove",
                description = "Undo it for these VIPs: what an earlier call has done, and no other call needs.")
        private boolean remove;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (BackendHost host = BackendHost.open(
                options.plan(spec.commandLine()), new LinuxSyscalls(), BackendHost.PINS, BackendHost.STATE, again())) {
            return mode.remove ? remove(host, out) : prepareAndCheck(host, out);
        } catch (IOException e) {
            spec.commandLine().getErr().println("l4-forwarder: " + e.getMessage());
            return ExitCode.SOFTWARE;
        } finally {
            out.flush();
            spec.commandLine().getErr().flush();
        }
    }

    private int prepareAndCheck(BackendHost host, PrintWriter out) throws IOException, InterruptedException {
        Result result = mode.check ? new Result(List.of(), List.of()) : host.prepare();
        List<Finding> findings = host.check(mode.check);
        HostReport report = new HostReport(findings, result, host.counts());
        if (output.isJson()) {
            out.println(report.json());
        } else {
            report.print(out, mode.check);
        }
        complain(result);
        return report.isComplete() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private int remove(BackendHost host, PrintWriter out) throws IOException, InterruptedException {
        Result result = host.remove();
        HostReport report = new HostReport(List.of(), result, Map.of());
        if (output.isJson()) {
            out.println(report.json());
        } else {
            report.printDone(out, "there was nothing to undo");
        }
        complain(result);
        return report.isComplete() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void complain(Result result) {
        result.problems().forEach(problem -> spec.commandLine().getErr().println("l4-forwarder: " + problem));
    }

    /** This command line, as one that prepares. */
    private String again() {
        List<String> words = spec.root().commandLine().getParseResult() == null
                ? List.of()
                : spec.root().commandLine().getParseResult().originalArgs();
        return "l4-forwarder "
                + words.stream()
                        .filter(word -> !word.equals("--check") && !word.equals("--remove"))
                        .map(word -> word.matches("[\\w./:@%+=,-]+") ? word : "'" + word + "'")
                        .collect(Collectors.joining(" "));
    }
}
