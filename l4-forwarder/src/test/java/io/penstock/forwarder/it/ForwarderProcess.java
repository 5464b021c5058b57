package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One forwarder process, seen only from outside. {@link #close} ends it, by force if need be. */
public final class ForwarderProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String PIPE = "pipe";
    private static final String RUNNING = "state=running";
    private static final String TOTALS = "event=totals";

    private final Process process;
    private final Path config;
    private final Path log;

    private ForwarderProcess(Process process, Path config, Path log) {
        this.process = process;
        this.config = config;
        this.log = log;
    }

    /** Runs with this configuration and returns when connections are taken. */
    public static ForwarderProcess start(Path directory, String yaml) throws Exception {
        return start(directory, yaml, List.of(), Map.of());
    }

    /** @param prefix words before the command, such as a shell that sets limits and then becomes the command */
    static ForwarderProcess start(Path directory, String yaml, List<String> prefix, Map<String, String> environment)
            throws Exception {
        ForwarderProcess forwarder = launch(directory, yaml, prefix, environment);
        try {
            forwarder.awaitLog(RUNNING);
        } catch (Exception | Error e) {
            forwarder.close();
            throw e;
        }
        return forwarder;
    }

    /** Runs with this configuration and takes over from the one that runs; returns when it has. */
    static ForwarderProcess takeOver(Path directory, String yaml) throws Exception {
        ForwarderProcess forwarder = launchTakeOver(directory, yaml);
        try {
            forwarder.awaitLog(RUNNING);
        } catch (Exception | Error e) {
            forwarder.close();
            throw e;
        }
        return forwarder;
    }

    /** Returns at once. */
    static ForwarderProcess launchTakeOver(Path directory, String yaml) throws IOException {
        return launch(directory, yaml, List.of(), Map.of(), "--take-over");
    }

    /**
     * Returns at once.
     *
     * @param options of {@code run}
     */
    static ForwarderProcess launch(
            Path directory, String yaml, List<String> prefix, Map<String, String> environment, String... options)
            throws IOException {
        // Readable by the user that a prefix may switch to.
        Path home = Files.createTempDirectory(
                directory,
                "forwarder",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        // Tests start it often and ask for no speed; those of the warm-up itself say that they want one.
        String warmUp = yaml.contains("warm-up:") ? "" : "\nwarm-up: none\n";
        Path config = Files.writeString(home.resolve("forwarder.yaml"), yaml + warmUp);
        Path log = home.resolve("log");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(launcher().toString(), "run", "-c", config.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ForwarderProcess(builder.start(), config, log);
    }

    /** With a configuration that is there; the log comes beside it. Returns at once. */
    static ForwarderProcess launchAt(Path config) throws IOException {
        Path log = config.resolveSibling("log");
        ProcessBuilder builder = new ProcessBuilder(launcher().toString(), "run", "-c", config.toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        return new ForwarderProcess(builder.start(), config, log);
    }

    static Path launcher() {
        return Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("target/dist/bin/l4-forwarder");
    }

    public long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Standard output and standard error so far. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of the log that contain all of these. */
    long logged(String... parts) {
        return log().lines()
                .filter(line -> Stream.of(parts).allMatch(line::contains))
                .count();
    }

    void awaitLog(String... parts) throws Exception {
        awaitLogged(1, parts);
    }

    /** Waits until so many lines, or more, contain all of these. */
    void awaitLogged(int times, String... parts) throws Exception {
        Await.until(() -> times + " log lines with " + List.of(parts) + " in\n" + log(), START_LIMIT, () -> {
            boolean alive = process.isAlive();
            if (logged(parts) >= times) {
                return true;
            }
            assertTrue(alive, () -> "ended with " + process.exitValue() + "\n" + log());
            return false;
        });
    }

    /** What it has counted so far, by name, as it says on SIGUSR1; a counter at 0 is not there. */
    public Map<String, Long> askTotals() throws Exception {
        long before = logged(TOTALS);
        signal("USR1");
        Await.until("totals in the log", () -> logged(TOTALS) > before);
        String totals = lastTotals();
        return Stream.of(totals.substring(totals.indexOf(TOTALS)).split(" ", -1))
                .skip(1)
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> Long.valueOf(pair[1])));
    }

    private String lastTotals() {
        return log().lines()
                .filter(line -> line.contains(TOTALS))
                .reduce((earlier, last) -> last)
                .orElseThrow();
    }

    /** The value of one counter in the totals that a stopped forwarder has logged; 0 when it is not there. */
    long total(String counter) {
        String totals = lastTotals();
        for (String word : totals.split(" ", -1)) {
            if (word.startsWith(counter + "=")) {
                return Long.parseLong(word.substring(counter.length() + 1));
            }
        }
        return 0;
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Any signal, by name. */
    void signal(String name) throws Exception {
        // The shell's own: a small system has no kill command.
        Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid()).start();
        assertEquals(0, kill.waitFor());
    }

    /** Stops every thread where it is; returns when they stand. What the kernel reports meanwhile comes all at once. */
    void freeze() throws Exception {
        signal("STOP");
        Await.until("every thread stopped", () -> taskStates().stream().allMatch("T"::equals));
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    /** The third field of proc(5)'s stat, for each thread. */
    private List<String> taskStates() throws IOException {
        List<String> states = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(proc("task"))) {
            for (Path task : tasks.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                states.add(stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1));
            }
        }
        return states;
    }

    /** How many descriptors it may have; see "Max open files" in proc(5). */
    long descriptorLimit() throws IOException {
        return Files.readAllLines(proc("limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[3]))
                .findFirst()
                .orElseThrow();
    }

    /** Puts another text into its configuration file and says so with SIGHUP. */
    void offer(String yaml) throws Exception {
        write(yaml);
        signal("HUP");
    }

    /** Puts another text into its configuration file and says nothing. */
    void write(String yaml) throws IOException {
        Files.writeString(config, yaml);
    }

    /** Whether it ends by itself within the time. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            fail("still alive\n" + log());
        }
        return process.exitValue();
    }

    /** SIGTERM, and the exit code. */
    public int stop() throws InterruptedException {
        terminate();
        return awaitExit();
    }

    /** How many {@link #kernelObjects} are open, without the pipes that workers keep for the next transfer. */
    int openKernelObjects() throws IOException {
        Map<String, Integer> counts = kernelObjects();
        counts.remove(PIPE);
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Two for each pipe, and any of the JVM's own. */
    int openPipeEnds() throws IOException {
        return kernelObjects().getOrDefault(PIPE, 0);
    }

    /**
     * Open sockets, pipes, epoll instances and the like, counted by kind. Files are left out: a JVM opens its jars when it
     * first needs a class of them.
     */
    public Map<String, Integer> kernelObjects() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (Stream<Path> descriptors = Files.list(proc("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    Path target = Files.readSymbolicLink(descriptor);
                    if (!target.isAbsolute()) {
                        // socket:[4711], pipe:[4711], anon_inode:[eventpoll]; see proc(5).
                        String kind = target.toString().replaceAll(":\\[[0-9]*]$", "");
                        counts.merge(kind, 1, Integer::sum);
                    }
                } catch (IOException closedMeanwhile) {
                    // Then it does not count.
                }
            }
        }
        return counts;
    }

    void awaitKernelObjects(int expected) throws Exception {
        Await.until(
                () -> "back to " + expected + " kernel objects\n" + descriptors(),
                STOP_LIMIT,
                () -> openKernelObjects() == expected);
    }

    private String descriptors() {
        try (Stream<Path> descriptors = Files.list(proc("fd"))) {
            StringBuilder text = new StringBuilder();
            for (Path descriptor : descriptors.toList()) {
                text.append(descriptor.getFileName()).append(" -> ");
                text.append(Files.readSymbolicLink(descriptor)).append('\n');
            }
            return text.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    long residentBytes() throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    /** Bytes of the heap that are still referenced, after a full collection. */
    public long liveHeapBytes() throws Exception {
        // The last line: Total, instances, bytes.
        return histogram()
                .lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.trim().split("\\s+", -1)[2]))
                .findFirst()
                .orElseThrow();
    }

    /** Of the objects that are still referenced, after a full collection. */
    private String histogram() throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** Objects of classes with one of these names, without their package, after a full collection. */
    long liveObjects(String... names) throws Exception {
        return histogram()
                .lines()
                .map(line -> line.trim().split("\\s+", -1))
                .filter(words -> words.length >= 4 && words[3].startsWith("io.penstock"))
                .filter(words -> Stream.of(names).anyMatch(name -> words[3].endsWith("." + name)))
                .mapToLong(words -> Long.parseLong(words[1]))
                .sum();
    }

    int threads() throws IOException {
        try (Stream<Path> tasks = Files.list(proc("task"))) {
            return (int) tasks.count();
        }
    }

    /** Its configuration file. */
    Path config() {
        return config;
    }

    /** User and system time so far, in hundredths of a second. */
    long cpuTicks() throws IOException {
        String stat = Files.readString(proc("stat"));
        // After the name in brackets, which may hold spaces: utime and stime are the fields 14 and 15 of proc(5).
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private Path proc(String name) {
        return Path.of("/proc", Long.toString(pid()), name);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
