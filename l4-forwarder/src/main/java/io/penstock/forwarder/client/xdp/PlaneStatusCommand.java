package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonObject;
import io.penstock.cli.OutputOptions;
import io.penstock.cli.Words;
import io.penstock.forwarder.bpf.BpfException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the packet data plane. */
@Command(
        name = "status",
        description = {
            "Shows the packet data plane of this host, whether or not a forwarder runs: interfaces, lease, services,"
                    + " backends, and how many packets took which way."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder xdp status",
            "  l4-forwarder xdp status --json | jq .counters",
            "",
            "With --check it is a health check for an agent that announces the VIPs:",
            "  health: { exec: { command: [/opt/penstock/bin/l4-forwarder, xdp, status, --check] } }"
        })
final class PlaneStatusCommand extends PlaneCommand {
    @Mixin
    private OutputOptions output;

    @Option(
            names = "--check",
            description = "One line, and exit code 1 when the lease is over or the program is attached nowhere.")
    private boolean check;

    @Override
    int run(String name) throws PlaneException, BpfException {
        try (PinnedPlane plane = PinnedPlane.open(name)) {
            PlaneReport report = new PlaneReport(plane, PlaneNames.read(plane.namesFile()), System.nanoTime());
            if (check) {
                return check(report);
            }
            if (output.isJson()) {
                printJson(report.all());
            } else {
                PlaneView.print(report.all(), out());
            }
            return ExitCode.OK;
        }
    }

    private int check(PlaneReport report) throws PlaneException, BpfException {
        JsonObject lease = report.lease();
        boolean alive = Words.text(lease, "state").equals(Lease.State.ALIVE.word());
        boolean attached = report.isAttached();
        out().println(leaseWords(lease) + "; "
                + (attached ? "attached to " + report.attachedTo() : "attached nowhere"));
        return alive && attached ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    static String leaseWords(JsonObject lease) {
        double left = Words.decimal(lease, "leftSeconds", 0);
        return switch (Words.text(lease, "state")) {
            case "alive" ->
                String.format(Locale.ROOT, "lease alive, %.1f s left (pid %d)", left, Words.number(lease, "pid"));
            case "over" ->
                String.format(
                        Locale.ROOT,
                        "lease OVER for %.1f s (pid %d): health is frozen",
                        -left,
                        Words.number(lease, "pid"));
            default -> "lease released: no forwarder is in charge";
        };
    }
}
