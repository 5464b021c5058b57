package io.penstock.exec;

import io.penstock.linux.SignalConstants;
import io.penstock.linux.Syscalls;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that is run once with each call, and waited for. On a thread that may wait. */
public final class Program {
    /** How often its output is taken while it runs: 128 KiB each time at most. */
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A descendant that was being born while its parent was killed is found in the next round. */
    private static final int KILL_ROUNDS = 3;

    /** Makes its process the leader of a session, and becomes the program (setsid(1) of util-linux and of busybox). */
    private static final String SESSION = "setsid";

    private final Syscalls syscalls;
    private final List<String> command;
    private final int outputMaxBytes;
    private final boolean session;

    /**
     * Not started yet.
     *
     * @param outputMaxBytes of its output that are kept
     * @param session whether it is a session of its own, so that what it leaves behind is killed with it; one that does not exist then
     *     ends with the exit code 127, as with a shell
     */
    public Program(Syscalls syscalls, List<String> command, int outputMaxBytes, boolean session) {
        this.syscalls = syscalls;
        this.command = new ArrayList<>(command);
        if (session) {
            this.command.add(0, SESSION);
        }
        this.outputMaxBytes = outputMaxBytes;
        this.session = session;
    }

    /**
     * Starts it and waits until it has ended; at the timeout, or when interrupted, it and all it started are killed.
     *
     * @param environment what it has beside this process's own
     * @param input whole; at most what a pipe holds
     * @throws IOException when there is no pipe for it
     */
    public Outcome run(Map<String, String> environment, byte[] input, long timeoutNs)
            throws IOException, InterruptedException {
        try (OutputPipe output = new OutputPipe(syscalls, outputMaxBytes);
                InputPipe in = new InputPipe(syscalls, input)) {
            Process process;
            try {
                process = start(environment, in.readEnd(), output.writeEnd());
            } catch (IOException e) {
                return new Outcome.NotStarted(e);
            } finally {
                output.closeWriteEnd();
            }
            Outcome outcome = null;
            try {
                outcome = await(process, output, System.nanoTime() + timeoutNs);
                return outcome;
            } finally {
                if (!(outcome instanceof Outcome.Ended)) {
                    kill(process);
                }
            }
        }
    }

    private Process start(Map<String, String> environment, File input, File output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(input)
                .redirectOutput(Redirect.to(output));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Outcome await(Process process, OutputPipe output, long deadlineNs) throws InterruptedException {
        while (true) {
            long leftNs = deadlineNs - System.nanoTime();
            boolean ended = process.waitFor(Math.min(TURN_NS, leftNs), TimeUnit.NANOSECONDS);
            output.drain();
            if (ended) {
                return new Outcome.Ended(process.exitValue(), output.text());
            }
            if (leftNs <= 0) {
                return new Outcome.Killed(output.text());
            }
        }
    }

    /**
     * All at a time as far as they are one group: a shell whose child dies would go on, and those of a process that has gone are
     * nobody's, and found no more but by their group. No other group can have its number while one of it lives.
     */
    private void kill(Process process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        if (session) {
            syscalls.kill((int) -process.pid(), SignalConstants.SIGKILL);
        }
        for (int round = 0; round < KILL_ROUNDS && !descendants.isEmpty(); round++) {
            descendants.forEach(ProcessHandle::destroyForcibly);
            descendants = process.descendants().toList();
        }
        process.destroyForcibly();
    }
}
