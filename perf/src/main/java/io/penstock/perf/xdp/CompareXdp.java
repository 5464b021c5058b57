package io.penstock.perf.xdp;

import io.penstock.perf.Figures;
import io.penstock.perf.PageOptions;
import io.penstock.perf.compare.Machine;
import io.penstock.perf.compare.StatusLine;
import io.penstock.perf.rig.ChildProcesses;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: in the lab's topology {@code dsr-compare}, which is up. */
@Command(
        name = "compare xdp",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the program that forwards packets, alone and beside nftables, HAProxy and the forwarder's own relay.",
            "Exit code 1: a promise is broken."
        })
public final class CompareXdp implements Callable<Integer> {
    private static final List<String> HOSTS = List.of("client", "router", "x", "n", "p", "net", "b1", "b2", "b3");
    private static final int VERSION_LIMIT_S = 10;
    private static final int MOST = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            description = "each with seven turns of those compared (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "1",
            description = "of each turn (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "6",
            description = "after which no round begins (default: ${DEFAULT-VALUE})")
    private int minutes;

    @Mixin
    private PageOptions pages = new PageOptions();

    @Option(names = "--lab", paramLabel = "NAME", required = true, hidden = true)
    private String lab;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();

    public static void main(String[] args) {
        System.exit(new CommandLine(new CompareXdp()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireRange("--rounds", rounds, Addition.TURNS_MIN);
        requireRange("--seconds", seconds, 1);
        requireRange("--minutes", minutes, 1);
        pages.check();
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::endAll, "end-children"));
        Map<String, String> facts = facts();
        facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
        List<String> namespaces = new ArrayList<>();
        for (String host : HOSTS) {
            namespaces.add(MachineTime.namespace(lab + "-" + host));
        }
        RequestCosts costs = new Rounds(lab + "-client", namespaces, status::show)
                .measure(rounds, seconds, Duration.ofMinutes(minutes));
        // Last: the forwarder has read its configuration long ago, so no change is young any more.
        status.show("the program alone");
        ProgramCosts program = ProgramCosts.measure(Path.of("/sys/fs/bpf/penstock", lab + "-x"));
        status.clear();
        // One turn in each.
        int measured = costs.rate(Workload.CONNECT, Contestant.DIRECT).values().size();
        facts.put("Rounds", Integer.toString(measured));
        facts.put("Load at the end", Machine.loadAverage());
        return finish(program, costs, facts);
    }

    private void requireRange(String option, int value, int min) {
        if (value < min || value > MOST) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + min + " to " + MOST + " (was " + value + ")");
        }
    }

    private int finish(ProgramCosts program, RequestCosts costs, Map<String, String> facts) throws IOException {
        for (Workload workload : Workload.values()) {
            out.println();
            Report.table(costs, workload).text().forEach(out::println);
        }
        Figures figures = Report.figures(program).addAll(Report.figures(costs));
        out.println();
        figures.print(out, Ansi.AUTO);
        Path page = pages.page("xdp.md");
        Report.write(page, program, costs, figures, facts);
        out.println();
        out.println("Page: " + page);
        pages.write(figures);
        return figures.exitCode();
    }

    private Map<String, String> facts() throws IOException, InterruptedException {
        Cores cores = Cores.available();
        Map<String, String> facts =
                Machine.facts("./perf/compare xdp --rounds " + rounds + " --seconds " + seconds, cores);
        facts.put("Cores", cores.count() + "; nothing pinned");
        facts.remove("iperf3");
        facts.put("nftables", firstLine(List.of("nft", "--version")));
        facts.put("Load at the start", Machine.loadAverage());
        return facts;
    }

    private static String firstLine(List<String> command) throws IOException, InterruptedException {
        return ToolRun.outputOf(command, VERSION_LIMIT_S)
                .lines()
                .findFirst()
                .orElse("unknown")
                .trim();
    }
}
