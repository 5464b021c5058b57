package io.penstock.perf.lab.dsr;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.LabOptions;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Sources;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.lab.dsr.FailoverTrial.Change;
import io.penstock.perf.rig.ChildProcesses;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scripts/lab dsr demo}: what goes through forwarders of packets, and what their loss, restart and flooding does to it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs users' programs through each encapsulation, then withdraws, kills, cuts off, restarts and floods the forwarders."
                    + " Exits 1 when a promise is broken.",
            "Parts: traffic, mtu, failover, restart, flood."
        })
public final class DsrDemo implements Callable<Integer> {
    /** More than one way has connections in all trials together. */
    private static final int SOURCES = 8_000;

    @Mixin
    private LabOptions options = new LabOptions();

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "these parts only (default: all): ${COMPLETION-CANDIDATES}")
    private List<Part> only = List.of(Part.values());

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /** As they are typed. */
    private enum Part {
        traffic,
        mtu,
        failover,
        restart,
        flood
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new DsrDemo()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::endAll, "end-children"));
        LabScript lab = options.lab();
        Figures figures = new Figures();
        Stage stage = new Stage(lab, options.scratch(), new Timeline(out), figures);
        Map<Way, Clients> clients = FailoverTrial.clients(Sources.of(options.sources(), SOURCES));
        try {
            for (Part part : only) {
                run(part, stage, clients);
            }
        } finally {
            clients.values().forEach(Clients::close);
        }
        out.println();
        figures.print(out, Ansi.AUTO);
        if (options.json().isPresent()) {
            figures.writeJson(options.json().get());
        }
        return figures.exitCode();
    }

    private static void run(Part part, Stage stage, Map<Way, Clients> clients)
            throws IOException, InterruptedException {
        switch (part) {
            case traffic -> {
                List<String> namespaces = new ArrayList<>();
                Stage.BACKENDS.forEach(host -> namespaces.add(stage.lab().namespace(host)));
                EchoHosts echo = EchoHosts.on(namespaces);
                try (echo) {
                    new TrafficTrial(stage).run();
                }
            }
            case mtu -> new MtuTrial(stage).run();
            case failover -> failover(new FailoverTrial(stage, clients), stage);
            case restart -> new RestartTrial(stage).run();
            case flood -> new FloodTrial(stage, clients).run();
        }
    }

    /** With a router that forgets flows, for which every loss moves connections of both forwarders; then with one that remembers. */
    private static void failover(FailoverTrial trial, Stage stage) throws IOException, InterruptedException {
        stage.breakThing("plain");
        for (Change change : Change.values()) {
            each(trial, change, "");
        }
        stage.heal("plain");
        each(trial, Change.NONE, "resilient groups, ");
    }

    private static void each(FailoverTrial trial, Change change, String with) throws IOException, InterruptedException {
        trial.run("f1.withdraw", with + "f1 withdrawn", change);
        trial.run("f1.forwarder", with + "f1's process killed", change);
        trial.run("f1.link", with + "f1's link cut", change);
    }
}
