package io.penstock.perf.lab.anycast;

import io.penstock.net.Endpoint;
import io.penstock.net.IpPrefix;
import io.penstock.perf.Figures;
import io.penstock.perf.lab.LabOptions;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.lab.anycast.LossTrial.Loss;
import io.penstock.perf.rig.ChildProcesses;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;

/** {@code scripts/lab anycast demo}: drains, kills and cuts off, at one of two sites. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Drains a forwarder and a site, kills another, loses a site, while clients of both sites watch."
                + " Exits 1 when a promise is broken.")
public final class AnycastDemo implements Callable<Integer> {
    /** Of the site whose clients this process is not beside. */
    private static final IpPrefix FAR_SOURCES = IpPrefix.parse("10.102.0.0/16").orElseThrow();

    /** A forwarder is asked five times a second, and three missing answers in a row are too many. */
    private static final double DEAD_FORWARDER_MS = 1_500;

    /** The forwarder asks its backends four times a second, three times, before it can tell. */
    private static final double DEAD_BACKENDS_MS = 2_500;

    /** Of the routers' sessions; a host that says nothing is dead when it is over. */
    private static final double HOLD_TIME_MS = 3_000;

    private static final double GUARD_MS = 2_000;
    private static final double CARRIER_MS = 1_000;
    private static final double WITHDRAW_MS = 20;

    /** Of two VIPs: by the killed forwarder's agent, and by both agents when no backend is left. */
    private static final int WITHDRAWALS = 6;

    /** On top of a hold time: a keepalive that was due, and a busy machine. */
    private static final double SLACK_MS = 1_000;

    private static final Duration SHORT_LOSS = Duration.ofSeconds(10);

    @Mixin
    private LabOptions options = new LabOptions();

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new AnycastDemo()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::endAll, "end-children"));
        LabScript lab = options.lab();
        Endpoint target = options.target();
        Figures figures = new Figures();
        try (Site near = Site.of("a", lab, target, options.sources(), options.forwarders());
                Site far = Site.of("b", lab, target, FAR_SOURCES, options.forwarders())) {
            Stage stage = new Stage(lab, near, far, new Timeline(out), figures);
            DrainTrial drain = new DrainTrial(stage);
            drain.run(near.host(1) + ".drain", List.of(near.forwarders().get(near.host(1))));
            drain.run(near.thing("drain"), near.addresses());
            lose(stage);
            drain.withoutMemory(
                    near.host(1) + ".drain", List.of(near.forwarders().get(near.host(1))));
        }
        out.println();
        figures.print(out, Ansi.AUTO);
        if (options.json().isPresent()) {
            figures.writeJson(options.json().get());
        }
        return figures.exitCode();
    }

    private void lose(Stage stage) throws IOException, InterruptedException {
        Site near = stage.near();
        LossTrial loss = new LossTrial(stage);
        String first = near.host(1);
        String second = near.host(2);
        List<String> ofFirst = List.of(near.forwarders().get(first));
        List<String> ofSecond = List.of(near.forwarders().get(second));
        Reactions reactions = new Reactions(List.of(log(first), log(second)));
        loss.run(new Loss(
                second + ".forwarder", "the forwarder is killed", ofSecond, SHORT_LOSS, DEAD_FORWARDER_MS, false));
        loss.run(new Loss(
                near.thing("backends"), "no backend is left", near.addresses(), SHORT_LOSS, DEAD_BACKENDS_MS, false));
        react(reactions, stage.figures());
        loss.run(new Loss(
                first + ".agent", "the agent is killed, its guard withdraws", ofFirst, SHORT_LOSS, GUARD_MS, true));
        double holdMs = HOLD_TIME_MS + SLACK_MS;
        loss.run(new Loss(first + ".silent", "the host is dead, its cable is not", ofFirst, SHORT_LOSS, holdMs, false));
        loss.run(new Loss(
                near.thing("links"), "the cables of a site are cut", near.addresses(), SHORT_LOSS, CARRIER_MS, false));
        loss.run(new Loss(
                near.thing("silent"),
                "all forwarders of a site are dead",
                near.addresses(),
                SHORT_LOSS,
                holdMs,
                false));
    }

    private Path log(String host) {
        return options.scratch().resolve(host).resolve("agent.log");
    }

    private static void react(Reactions reactions, Figures figures) throws IOException {
        List<Double> millis = reactions.millis().stream().sorted().toList();
        figures.atLeast("withdrawals because health was lost", millis.size(), "", WITHDRAWALS);
        if (!millis.isEmpty()) {
            figures.report(
                    "from the last failed probe to the withdrawal sent, median", millis.get(millis.size() / 2), "ms");
            figures.atMost(
                    "from the last failed probe to the withdrawal sent, most",
                    millis.get(millis.size() - 1),
                    "ms",
                    WITHDRAW_MS);
        }
    }
}
