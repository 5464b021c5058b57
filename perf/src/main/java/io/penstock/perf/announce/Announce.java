package io.penstock.perf.announce;

import io.penstock.perf.Figures;
import io.penstock.perf.rig.RunDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** In a network namespace of its own, with the neighbour in another. */
@Command(
        name = "announce",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "How soon the bgp-anycast-agent restores what its daemon lost, and withdraws what cannot be served,"
                        + " beside a real gobgpd whose neighbour is a BIRD. Exits 1 when a promise is broken.")
public final class Announce implements Callable<Integer> {
    private static final int ROUNDS_MAX = 200;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "with a thousand paths; four times as many losses of health (default: ${DEFAULT-VALUE}, at most 200)")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--agent", paramLabel = "FILE", required = true, description = "the agent's launcher")
    private Path launcher;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        System.exit(new CommandLine(new Announce()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int count = Math.max(1, Math.min(rounds, ROUNDS_MAX));
        Figures figures = new Figures();
        try (RunDirectory directory = RunDirectory.create("penstock-announce");
                Neighbour neighbour = Neighbour.start(directory.path(), Host.ASN);
                Host host = new Host(launcher, directory.path())) {
            host.startDaemon();
            out.printf("one VIP, its health lost %d times%n", 4 * count);
            new HealthTrial(host, neighbour, directory.path(), out).run(4 * count, figures);
            out.printf("a thousand VIPs, %d rounds%n", count);
            new ManyTrial(host, neighbour, out).run(count, figures);
        }
        out.println();
        figures.print(out, Ansi.AUTO);
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }
}
