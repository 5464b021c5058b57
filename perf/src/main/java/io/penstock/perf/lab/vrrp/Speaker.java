package io.penstock.perf.lab.vrrp;

import io.penstock.perf.lab.LabScript;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of a pair, on a host of the lab. NOT thread safe. */
final class Speaker implements AutoCloseable {
    /** A daemon that has a child for VRRP writes its number there. */
    static final String CHILD_PID = "child.pid";

    private static final int LIMIT_S = 20;

    private final LabScript lab;
    private final String host;
    private final String vip;
    private final Path directory;
    private final List<String> command;
    private Process process;

    /**
     * Not running yet.
     *
     * @param directory empty, of its own
     */
    Speaker(LabScript lab, String host, String vip, Path directory, List<String> command) {
        this.lab = lab;
        this.host = host;
        this.vip = vip;
        this.directory = directory;
        this.command = List.copyOf(command);
    }

    String host() {
        return host;
    }

    /** On a host that has come back: what a killed one has left is gone. */
    void start() throws IOException, InterruptedException {
        lab.ip("lan", "link", "set", host, "up");
        if (!lab.ip(host, "-4", "-o", "address", "show", "to", vip).isBlank()) {
            lab.ip(host, "address", "del", vip + "/24", "dev", "lan");
        }
        for (String left : List.of("parent.pid", CHILD_PID)) {
            Files.deleteIfExists(directory.resolve(left));
        }
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", lab.namespace(host)));
        words.addAll(command);
        process = new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    /** As if the host had died: no packet comes from it or to it any more, and then SIGKILL. */
    void die() throws IOException, InterruptedException {
        // In this order: a host that is dead answers no SYN.
        lab.ip("lan", "link", "set", host, "down");
        kill();
    }

    private void kill() throws IOException, InterruptedException {
        Path child = directory.resolve(CHILD_PID);
        if (Files.exists(child) && process.isAlive()) {
            // The parent would start another, and its death would make the child say that it stops.
            String kills = "kill -s STOP " + process.pid() + "; kill -s KILL "
                    + Files.readString(child).trim();
            ToolRun.outputOf(List.of("sh", "-c", kills), LIMIT_S);
        }
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            throw new IOException("a VRRP process on " + host + " does not end");
        }
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    @Override
    public void close() {
        try {
            if (process != null && process.isAlive()) {
                kill();
            }
            lab.ip("lan", "link", "set", host, "up");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
