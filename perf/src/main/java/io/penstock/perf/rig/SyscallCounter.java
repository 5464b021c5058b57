package io.penstock.perf.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Counts the system calls of processes with perf-stat(1), those of threads that they start meanwhile included. Every
 * call costs the counted process some time, so nothing else should be measured meanwhile.
 */
public final class SyscallCounter implements AutoCloseable {
    /**
     * What was counted.
     *
     * @param splices of all calls
     */
    public record Counts(long calls, long splices) {}

    private static final String ALL = "raw_syscalls:sys_enter";
    private static final String SPLICE = "syscalls:sys_enter_splice";
    private static final String ATTACHED = "attached";
    private static final String START_DISABLED = "-1";
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final long END_TIMEOUT_S = 10;

    private final Process perf;
    private final Path directory;

    private SyscallCounter(Process perf, Path directory) {
        this.perf = perf;
        this.directory = directory;
    }

    /**
     * Attaches to the processes without counting yet; fails with perf's own words when that is not allowed.
     *
     * @param directory empty, for its files
     */
    public static SyscallCounter attach(List<Long> pids, Path directory) throws IOException, InterruptedException {
        Path control = directory.resolve("control");
        Path answers = directory.resolve("answers");
        if (new ProcessBuilder("mkfifo", control.toString(), answers.toString())
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("mkfifo failed in " + directory);
        }
        // perf lives as long as its command, which says when perf is attached and ends with its standard input.
        Process perf = new ProcessBuilder(List.of(
                        "perf",
                        "stat",
                        "-x",
                        ",",
                        "-o",
                        directory.resolve("counts").toString(),
                        "-D",
                        START_DISABLED,
                        "--control",
                        "fifo:" + control + "," + answers,
                        "-e",
                        ALL + "," + SPLICE,
                        "-p",
                        pids.stream().map(String::valueOf).collect(Collectors.joining(",")),
                        "--",
                        "sh",
                        "-c",
                        "echo " + ATTACHED + "; cat"))
                .redirectError(directory.resolve("errors").toFile())
                .start();
        BufferedReader output = perf.inputReader(StandardCharsets.UTF_8);
        SyscallCounter counter = new SyscallCounter(perf, directory);
        if (!ATTACHED.equals(output.readLine())) {
            counter.close();
            throw new IOException("perf stat: " + counter.errors());
        }
        return counter;
    }

    /** Counts from here on. */
    public void enable() throws IOException {
        tell("enable");
    }

    /** Counts until here. */
    public void disable() throws IOException {
        tell("disable");
    }

    /** Ends perf; what was counted. */
    public Counts detach() throws IOException, InterruptedException {
        perf.getOutputStream().close();
        if (!perf.waitFor(END_TIMEOUT_S, TimeUnit.SECONDS) || perf.exitValue() != 0) {
            throw new IOException("perf stat: " + errors());
        }
        return parse(Files.readString(directory.resolve("counts")));
    }

    /** Lines such as {@code 144,,raw_syscalls:sys_enter,…}. */
    static Counts parse(String report) throws IOException {
        return new Counts(count(report, ALL), count(report, SPLICE));
    }

    /** Returns once perf has done it. */
    private void tell(String command) throws IOException {
        Files.writeString(directory.resolve("control"), command + "\n");
        try (BufferedReader answer = Files.newBufferedReader(directory.resolve("answers"))) {
            if (answer.readLine() == null) {
                throw new IOException("perf stat ended: " + errors());
            }
        }
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors")).trim();
    }

    private static long count(String report, String event) throws IOException {
        for (String line : report.lines().toList()) {
            String[] fields = line.split(",", -1);
            // "<not counted>" when a process ended at once.
            if (fields.length > 2
                    && fields[2].startsWith(event)
                    && DIGITS.matcher(fields[0]).matches()) {
                return Long.parseLong(fields[0]);
            }
        }
        throw new IOException("perf stat counted no " + event + ": " + report);
    }

    @Override
    public void close() throws IOException {
        perf.getOutputStream().close();
        perf.destroy();
    }
}
