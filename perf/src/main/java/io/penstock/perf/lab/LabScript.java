package io.penstock.perf.lab;

import io.penstock.perf.rig.LineProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lab that is up, as its script shows it. */
public final class LabScript {
    private static final long COMMAND_LIMIT_S = 60;

    private final List<String> script;
    private final String namespacePrefix;
    private final Path scratch;

    /**
     * Of a lab that is up.
     *
     * @param script with the name and the topology, so that a command may follow
     * @param name of the lab, which its namespaces begin with
     * @param scratch a directory for what tools say on standard error
     */
    public LabScript(List<String> script, String name, Path scratch) {
        this.script = List.copyOf(script);
        namespacePrefix = name + "-";
        this.scratch = scratch;
    }

    public void breakThing(String thing) throws IOException, InterruptedException {
        run("break", thing);
    }

    public void heal(String thing) throws IOException, InterruptedException {
        run("heal", thing);
    }

    private void run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(script);
        command.addAll(List.of(words));
        ToolRun.outputOf(command, COMMAND_LIMIT_S);
    }

    /** What ip(8) prints on a host. */
    public String ip(String host, String... words) throws IOException, InterruptedException {
        return ToolRun.outputOf(ipCommand(host, words), COMMAND_LIMIT_S);
    }

    /** Lines of ip(8) as it follows what happens on a host; the caller closes it. */
    public LineProcess follow(String host, String... words) throws IOException {
        return LineProcess.start(ipCommand(host, words), scratch.resolve("ip-" + host + ".log"));
    }

    /** Of a host. */
    public String namespace(String host) {
        return namespacePrefix + host;
    }

    private List<String> ipCommand(String host, String... words) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace(host)));
        command.addAll(List.of(words));
        return command;
    }
}
