package io.penstock.vrrp.client;

import io.penstock.vrrp.simulate.Scenario;
import io.penstock.vrrp.simulate.ScenarioReader;
import io.penstock.vrrp.simulate.Simulation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the state machine of the agent over a scenario. */
@Command(
        name = "simulate",
        description = {
            "Shows what virtual routers do when hosts start, stop, die, stand still, lose each other or change their priority.",
            "Runs the agent's own state machine by a clock of its own, so a minute takes no time; touches neither network nor kernel."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vrrp-agent simulate /usr/share/penstock/vrrp-agent/scenarios/killed.yaml",
            "  vrrp-agent simulate --packets partition.yaml"
        })
public final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SCENARIO", description = "What happens, as YAML; examples are in share/scenarios.")
    private Path file;

    @Option(names = "--packets", description = "Show each advertisement too, and what those who hear it note.")
    private boolean packets;

    @Override
    public Integer call() {
        Scenario scenario = ScenarioReader.read(file);
        Timeline timeline = new Timeline(packets);
        long delayNs = scenario.delay().toNanos();
        new Simulation(scenario, (from, to, nowNs) -> delayNs, timeline).run();
        PrintWriter out = spec.commandLine().getOut();
        timeline.print(scenario.duration().toNanos(), out);
        out.flush();
        return ExitCode.OK;
    }
}
