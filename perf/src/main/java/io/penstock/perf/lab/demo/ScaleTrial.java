package io.penstock.perf.lab.demo;

import io.penstock.perf.Figures;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Timeline;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One agent with a thousand VIPs and a thousand routes, on a host of its own: how long it takes to put all there, and to find all there. */
final class ScaleTrial {
    private static final String HOST = "scale";
    private static final int COUNT = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double RECONCILE_GOAL_MS = 1_000;
    private static final double IDLE_GOAL_MS = 10;

    /** Looks that a neighbour's changes make the agent take before the idle ones are measured, so that they are compiled. */
    private static final int WARM_UP_CHANGES = 40;

    /** The agent takes changes that come closer together with one look. */
    private static final long WARM_UP_PAUSE_MS = 250;

    /** The agent looks every 10 s, even when nothing happens. */
    private static final Duration IDLE = Duration.ofSeconds(61);

    private ScaleTrial() {}

    /** @param agent the launcher of the ecmp-agent */
    static void run(LabScript lab, Path agent, Path scratch, Timeline timeline, Figures figures)
            throws IOException, InterruptedException {
        timeline.title(COUNT + " VIPs and " + COUNT + " routes of one agent");
        ToolRun.outputOf(List.of("ip", "netns", "add", lab.namespace(HOST)), 10);
        lab.ip(HOST, "link", "set", "lo", "up");
        lab.ip(HOST, "link", "add", "name", "legs", "type", "veth", "peer", "name", "other");
        lab.ip(HOST, "address", "add", "10.99.0.1/24", "dev", "legs");
        lab.ip(HOST, "link", "set", "legs", "up");
        lab.ip(HOST, "link", "set", "other", "up");
        Path socket = scratch.resolve("scale.sock");
        Path config = Files.write(scratch.resolve("scale.yaml"), config(socket, scratch));
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", lab.namespace(HOST)));
        command.addAll(List.of(agent.toString(), "run", "-c", config.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("scale.log").toFile())
                .start();
        try {
            timeline.now("the agent starts");
            awaitAll(lab, process);
            timeline.now("all are there");
            AgentFigures first = AgentFigures.of("unix:" + socket);
            figures.atMost(
                    COUNT + " VIPs and routes from nothing, its looks and changes together",
                    first.milliseconds(),
                    "ms",
                    RECONCILE_GOAL_MS);
            for (int i = 0; i < WARM_UP_CHANGES; i++) {
                lab.ip(HOST, "address", i % 2 == 0 ? "add" : "del", "198.51.100.7/32", "dev", "legs");
                Thread.sleep(WARM_UP_PAUSE_MS);
            }
            AgentFigures before = AgentFigures.of("unix:" + socket);
            timeline.now(before.looks() + " looks so far; now nothing happens for " + IDLE.toSeconds() + " s");
            Thread.sleep(IDLE.toMillis());
            AgentFigures idle = AgentFigures.of("unix:" + socket).since(before);
            figures.report("idle looks", (double) idle.looks(), "");
            figures.atMost(
                    "an idle look at " + COUNT + " VIPs and routes, mean",
                    idle.milliseconds() / Math.max(1, idle.looks()),
                    "ms",
                    IDLE_GOAL_MS);
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            ToolRun.outputOf(List.of("ip", "netns", "delete", lab.namespace(HOST)), 10);
        }
    }

    private static void awaitAll(LabScript lab, Process process) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (lab.ip(HOST, "-4", "-o", "address", "show", "dev", "lo").lines().count() < COUNT + 1
                || lab.ip(HOST, "route", "show", "proto", "210")
                                .lines()
                                .filter(line -> !line.startsWith("\t"))
                                .count()
                        < COUNT) {
            if (!process.isAlive() || System.nanoTime() - deadlineNs > 0) {
                throw new IOException("the agent did not bring " + COUNT + " VIPs and routes; see scale.log");
            }
            Thread.sleep(20);
        }
    }

    private static List<String> config(Path socket, Path scratch) {
        List<String> lines = new ArrayList<>();
        lines.add("admin: { listen: \"unix:" + socket + "\" }");
        lines.add("state-directory: " + scratch);
        lines.add("vips:");
        for (int i = 0; i < COUNT; i++) {
            lines.add("  v" + i + ": { address: 198.18." + i / 250 + "." + i % 250 + "/32, lease: 10s, health: none }");
        }
        lines.add("routes:");
        for (int i = 0; i < COUNT; i++) {
            lines.add("  r" + i + ": { prefix: 198.19." + i / 250 + "." + i % 250
                    + "/32, group: { type: resilient, buckets: 32 }, health: none, legs: [10.99.0.2, 10.99.0.3] }");
        }
        return lines;
    }
}
