package io.penstock.health;

import io.penstock.linux.Syscalls;
import io.penstock.net.Endpoint;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a check's program once and waits for it. On a thread that may wait. */
final class Program {
    /** How often its output is taken while it runs: 128 KiB each time at most. */
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A descendant that was being born while its parent was killed is found in the next round. */
    private static final int KILL_ROUNDS = 3;

    /** Java's words for a program that could not be started. */
    private static final Pattern ERRNO = Pattern.compile("error=(\\d+), (.*)");

    /** EAGAIN, ENOMEM, ENFILE and EMFILE: this host is short of something. */
    private static final List<String> OURS = List.of("11", "12", "23", "24");

    private final Syscalls syscalls;
    private final Probe.Exec exec;
    private final Endpoint target;
    private final long timeoutNs;

    Program(Syscalls syscalls, Probe.Exec exec, Endpoint target, long timeoutNs) {
        this.syscalls = syscalls;
        this.exec = exec;
        this.target = target;
        this.timeoutNs = timeoutNs;
    }

    /** When interrupted, the program and all it started are killed. */
    ProbeResult run() throws InterruptedException {
        try (OutputPipe output = new OutputPipe(syscalls, exec.outputMaxBytes())) {
            Process process;
            try {
                process = start(output.writeEnd());
            } catch (IOException e) {
                return notStarted(e);
            } finally {
                output.closeWriteEnd();
            }
            try {
                return await(process, output);
            } finally {
                kill(process);
            }
        } catch (IOException e) {
            return ProbeResult.noVerdict(Evidence.of(e));
        }
    }

    private Process start(File output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(exec.command())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(Redirect.to(output));
        builder.environment()
                .put(
                        "PENSTOCK_ADDRESS",
                        target.isUnix() ? target.toString() : target.address().toString());
        builder.environment().put("PENSTOCK_PORT", Integer.toString(target.port()));
        return builder.start();
    }

    private ProbeResult await(Process process, OutputPipe output) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (true) {
            long leftNs = deadlineNs - System.nanoTime();
            boolean ended = process.waitFor(Math.min(TURN_NS, leftNs), TimeUnit.NANOSECONDS);
            output.drain();
            if (ended) {
                return ended(process.exitValue(), output.firstLine());
            }
            if (leftNs <= 0) {
                String line = output.firstLine();
                return ProbeResult.failure(
                        "killed after " + timeoutNs / 1_000_000 + " ms" + (line.isEmpty() ? "" : ": " + line));
            }
        }
    }

    private static ProbeResult ended(int exitCode, String line) {
        if (exitCode == 0) {
            return ProbeResult.success(line.isEmpty() ? "exit code 0" : line);
        }
        return ProbeResult.failure("exit code " + exitCode + (line.isEmpty() ? "" : ": " + line));
    }

    /** A program that is not there is a failure, since that does not pass by itself and must be seen. */
    private static ProbeResult notStarted(IOException e) {
        Matcher matcher = ERRNO.matcher(String.valueOf(e.getMessage()));
        if (!matcher.find()) {
            return ProbeResult.failure("not started: " + Evidence.of(e));
        }
        String evidence = "not started: " + Evidence.line(matcher.group(2));
        return OURS.contains(matcher.group(1)) ? ProbeResult.noVerdict(evidence) : ProbeResult.failure(evidence);
    }

    /** Children first: those of a process that is gone are nobody's, and found no more. */
    private static void kill(Process process) {
        for (int round = 0; round < KILL_ROUNDS && process.isAlive(); round++) {
            List<ProcessHandle> descendants = process.descendants().toList();
            descendants.forEach(ProcessHandle::destroyForcibly);
            if (descendants.isEmpty()) {
                break;
            }
        }
        process.destroyForcibly();
    }
}
