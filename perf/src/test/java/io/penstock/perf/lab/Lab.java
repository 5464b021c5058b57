package io.penstock.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A lab of {@code scripts/lab}, under a name of its own; what was built is used as it is. {@link #close} ends it. */
final class Lab implements AutoCloseable {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();
    private static final int COMMAND_LIMIT_S = 120;

    private final String topology;
    private final String name;

    private Lab(String topology, String name) {
        this.topology = topology;
        this.name = name;
    }

    /** Of the topology {@code ecmp}. */
    static Lab named(String prefix) {
        return of("ecmp", prefix);
    }

    /**
     * Not up yet. The calling test is skipped where there can be none.
     *
     * @param tools that the topology takes beside those that all do
     */
    static Lab of(String topology, String prefix, String... tools) {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "skipped: no network namespace to be had (needs root)");
        List<String> needed = new ArrayList<>(List.of("ip", "setsid", "nginx"));
        needed.addAll(List.of(tools));
        for (String tool : needed) {
            boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
            assumeTrue(found, "skipped: no " + tool + " on the PATH");
        }
        for (String built : List.of(
                "l4-forwarder/target/dist/bin",
                "ecmp-agent/target/dist/bin",
                "vrrp-agent/target/dist/bin",
                "bgp-anycast-agent/target/dist/bin",
                "perf/target/dist/lib")) {
            assumeTrue(Files.isDirectory(ROOT.resolve(built)), "skipped: there is no " + built);
        }
        return new Lab(topology, prefix + ProcessHandle.current().pid());
    }

    /** The namespace of a host, and what it is called elsewhere on this machine. */
    String host(String host) {
        return name + "-" + host;
    }

    private List<String> words(String... words) {
        List<String> all = new ArrayList<>(List.of(ROOT + "/scripts/lab", "--name", name, topology));
        all.addAll(List.of(words));
        return all;
    }

    /** Begins a command, whose standard error is in its output. */
    Process start(String... words) throws IOException {
        return new ProcessBuilder(words(words))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .start();
    }

    /** A command that must succeed; what it said. */
    String run(String... words) throws IOException {
        Process process = start(words);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.onExit().orTimeout(COMMAND_LIMIT_S, TimeUnit.SECONDS).join();
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    void up() throws IOException {
        run("up", "--no-build");
    }

    /** Begins to come up, and returns when it has said this. */
    Process upUntil(String words) throws IOException {
        Process process = start("up", "--no-build");
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            if (line.contains(words)) {
                return process;
            }
        }
        throw new AssertionError("never said " + words + ":\n" + said);
    }

    /** Its namespaces, files and processes. */
    List<String> traces() throws IOException {
        List<String> traces = new ArrayList<>();
        Process list = new ProcessBuilder("ip", "netns", "list").start();
        new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + "-"))
                .forEach(traces::add);
        Path directory = Path.of("/run/penstock-lab", name);
        if (Files.exists(directory)) {
            traces.add(directory.toString());
        }
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(process -> Files.isSymbolicLink(process.resolve("cwd")))
                    .filter(process -> isIn(process, directory))
                    .map(Path::toString)
                    .forEach(traces::add);
        }
        return traces;
    }

    private static boolean isIn(Path process, Path directory) {
        try {
            // With " (deleted)" behind it when it is.
            return Files.readSymbolicLink(process.resolve("cwd")).toString().startsWith(directory + "/");
        } catch (IOException ended) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        run("down");
    }
}
