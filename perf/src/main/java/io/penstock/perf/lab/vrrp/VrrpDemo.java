package io.penstock.perf.lab.vrrp;

import io.penstock.net.Endpoint;
import io.penstock.perf.Figures;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.LabOptions;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Sources;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.rig.ChildProcesses;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scripts/lab vrrp demo}: how long a VIP has no host when its host dies, beside keepalived. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Lets the host that has the VIP die, again and again, at intervals of 1 s, 100 ms and 10 ms, with the agent and with"
                        + " keepalived. Exits 1 when a promise is broken.")
public final class VrrpDemo implements Callable<Integer> {
    private static final int SOURCES = 2_000;
    private static final double GOAL_MS = 5;
    private static final double SHORTEST_GOAL_MS = 15;

    @Mixin
    private LabOptions options = new LabOptions();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "20",
            description = "deaths at each interval (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--client-runs",
            paramLabel = "N",
            defaultValue = "50",
            description = "deaths at 100 ms, where clients' lost attempts count (default: ${DEFAULT-VALUE})")
    private int clientRuns;

    @Option(
            names = "--load-seconds",
            paramLabel = "N",
            defaultValue = "600",
            description = "how long a pair shares its cores with too many (default: ${DEFAULT-VALUE})")
    private int loadSeconds;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new VrrpDemo()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::endAll, "end-children"));
        Endpoint target = options.target();
        LabScript lab = options.lab();
        Timeline timeline = new Timeline(out);
        Figures figures = new Figures();
        // The lab's own, in whose places others come.
        lab.breakThing("f2.leave");
        lab.breakThing("f1.leave");
        try (Clients clients = new Clients(target, Sources.of(options.sources(), SOURCES));
                WireWatch wire = WireWatch.start("lan", target.address().toString(), options.scratch())) {
            Rig rig = new Rig(lab, target.address().toString(), wire, options.agent(), options.scratch());
            FailoverTrial trial = new FailoverTrial(rig, clients, timeline, figures);
            for (Contestant contestant : Contestant.values()) {
                trial.run(contestant, Duration.ofSeconds(1), runs, GOAL_MS);
                trial.run(contestant, Duration.ofMillis(100), Math.max(runs, clientRuns), GOAL_MS);
                trial.run(contestant, Duration.ofMillis(10), runs, SHORTEST_GOAL_MS);
            }
            LoadTrial.run(rig, Contestant.PENSTOCK, Duration.ofSeconds(loadSeconds), timeline, figures);
        } finally {
            lab.heal("f1.leave");
            lab.heal("f2.leave");
        }
        out.println();
        figures.print(out, Ansi.AUTO);
        if (options.json().isPresent()) {
            figures.writeJson(options.json().get());
        }
        return figures.exitCode();
    }
}
