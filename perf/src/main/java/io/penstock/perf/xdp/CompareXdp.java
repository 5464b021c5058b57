package io.penstock.perf.xdp;

import io.penstock.perf.Figures;
import io.penstock.perf.compare.Machine;
import io.penstock.perf.compare.StatusLine;
import io.penstock.perf.rig.ChildProcesses;
import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
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

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "of each (default: 5)")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "2", description = "of each round (default: 2)")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--keep", description = "write the page to perf/results instead of perf/target")
    private boolean keep;

    @Option(names = "--home", paramLabel = "DIR", required = true, hidden = true)
    private Path home;

    @Option(names = "--lab", paramLabel = "NAME", required = true, hidden = true)
    private String lab;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StatusLine status = new StatusLine();

    public static void main(String[] args) {
        System.exit(new CommandLine(new CompareXdp()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireRange("--rounds", rounds);
        requireRange("--seconds", seconds);
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcesses::endAll, "end-children"));
        Map<String, String> facts = facts();
        facts.forEach((name, value) -> out.printf("  %-8s %s%n", name, value));
        status.show("the program alone");
        ProgramCosts program = ProgramCosts.measure(Path.of("/sys/fs/bpf/penstock", lab + "-x"));
        List<String> namespaces = new ArrayList<>();
        for (String host : HOSTS) {
            namespaces.add(MachineTime.namespace(lab + "-" + host));
        }
        RequestCosts costs = new RequestCosts(lab + "-client", namespaces);
        costs.measure(rounds, seconds, status::show);
        status.clear();
        facts.put("Load at the end", loadAverage());
        return finish(program, costs, facts);
    }

    private void requireRange(String option, int value) {
        if (value < 1 || value > 100) {
            throw new ParameterException(spec.commandLine(), option + " must be 1 to 100 (was " + value + ")");
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
        Path page = home.resolve(keep ? "results" : "target").resolve("xdp.md");
        Report.write(page, program, costs, figures, facts);
        out.println();
        out.println("Page: " + page);
        if (json != null) {
            figures.writeJson(json);
        }
        return figures.exitCode();
    }

    private Map<String, String> facts() throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Date", ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'")));
        facts.put("Command", "./perf/compare xdp --rounds " + rounds + " --seconds " + seconds);
        Cores cores = Cores.available();
        facts.putAll(Machine.describe(cores));
        facts.put("Cores", cores.count() + "; nothing pinned");
        facts.remove("iperf3");
        facts.put("nftables", firstLine(List.of("nft", "--version")));
        facts.put("Load at the start", loadAverage());
        return facts;
    }

    private static String firstLine(List<String> command) throws IOException, InterruptedException {
        return ToolRun.outputOf(command, VERSION_LIMIT_S)
                .lines()
                .findFirst()
                .orElse("unknown")
                .trim();
    }

    private static String loadAverage() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    }
}
