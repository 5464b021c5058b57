package io.penstock.perf.lab.demo;

import io.penstock.net.IpAddress;
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
import java.util.List;
import java.util.Map.Entry;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scripts/lab ecmp demo}: breaks a lab that is up, in every way it is to survive. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Breaks one forwarder after the other while clients watch. Exits 1 when a promise is broken.")
public final class LabDemo implements Callable<Integer> {
    private static final int FAILURE_SOURCES = 2_000;
    private static final String ROUTER = "router";

    /** The clients' side, so that no failure takes the neighbour's nexthop objects along. */
    private static final String NEIGHBOURS_GATEWAY = "10.0.0.2";

    private static final String NEIGHBOURS_LINK = "client";

    @Mixin
    private LabOptions options = new LabOptions();

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "10000",
            description = "that show whether each reaches one backend (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(
            names = "--lease-seconds",
            paramLabel = "N",
            defaultValue = "600",
            description = "how long a lease is watched under load (default: ${DEFAULT-VALUE})")
    private int leaseSeconds;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new LabDemo()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::endAll, "end-children"));
        IpAddress vip = options.target().address();
        List<IpAddress> from = Sources.of(options.sources(), Math.max(clients, FAILURE_SOURCES));
        LabScript lab = options.lab();
        Timeline timeline = new Timeline(out);
        Figures figures = new Figures();
        try (Clients all = new Clients(options.target(), from)) {
            List<Entry<String, String>> victims =
                    List.copyOf(options.forwarders().entrySet());
            NeighbourTrial neighbour = new NeighbourTrial(
                    lab,
                    victims.get(0).getKey(),
                    ROUTER,
                    NEIGHBOURS_GATEWAY,
                    NEIGHBOURS_LINK,
                    vip.toString(),
                    timeline,
                    figures);
            neighbour.settle();
            AffinityTrial.run(all, clients, timeline, figures);
            FailureTrial trial = new FailureTrial(lab, all, timeline, figures);
            // Not always the same one, as far as there are enough.
            int turn = 0;
            for (Failure failure : Failure.values()) {
                Entry<String, String> victim = victims.get(turn++ % victims.size());
                trial.run(failure, victim.getKey(), victim.getValue());
            }
            FlapTrial.run(lab, ROUTER, victims.get(victims.size() - 1).getKey(), vip.toString(), timeline, figures);
            LeaseTrial leases = new LeaseTrial(lab, vip.toString(), timeline, figures);
            leases.kill(victims.get(0).getKey());
            neighbour.disturb();
            neighbour.compare();
            neighbour.leave();
            ScaleTrial.run(lab, options.agent(), options.scratch(), timeline, figures);
            leases.load(victims.get(victims.size() - 1).getKey(), Duration.ofSeconds(leaseSeconds));
        }
        out.println();
        figures.print(out, Ansi.AUTO);
        if (options.json().isPresent()) {
            figures.writeJson(options.json().get());
        }
        return figures.exitCode();
    }
}
