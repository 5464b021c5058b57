package io.penstock.health;

import io.penstock.exec.Outcome;
import io.penstock.exec.Program;
import io.penstock.linux.Syscalls;
import io.penstock.net.Endpoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A check's program, and what its outcome says of the target. On a thread that may wait. */
final class CheckProgram {
    /** Java's words for a program that could not be started. */
    private static final Pattern ERRNO = Pattern.compile("error=(\\d+), (.*)");

    /** EAGAIN, ENOMEM, ENFILE and EMFILE: this host is short of something. */
    private static final List<String> OURS = List.of("11", "12", "23", "24");

    private static final byte[] NO_INPUT = {};

    private final Program program;
    private final Map<String, String> environment;
    private final long timeoutNs;

    CheckProgram(Syscalls syscalls, Probe.Exec exec, ProbeTarget target, long timeoutNs) {
        program = new Program(syscalls, exec.command(), exec.outputMaxBytes(), false);
        environment = environment(target);
        this.timeoutNs = timeoutNs;
    }

    private static Map<String, String> environment(ProbeTarget target) {
        Endpoint endpoint = target.endpoint();
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "PENSTOCK_ADDRESS",
                endpoint.isUnix() ? endpoint.toString() : endpoint.address().toString());
        environment.put("PENSTOCK_PORT", Integer.toString(endpoint.port()));
        if (target.mark() != ProbeTarget.NO_MARK) {
            environment.put("PENSTOCK_MARK", Integer.toUnsignedString(target.mark()));
        }
        return environment;
    }

    /** When interrupted, the program and all it started are killed. */
    ProbeResult run() throws InterruptedException {
        try {
            return result(program.run(environment, NO_INPUT, timeoutNs));
        } catch (IOException e) {
            return ProbeResult.noVerdict(Evidence.of(e));
        }
    }

    private ProbeResult result(Outcome outcome) {
        if (outcome instanceof Outcome.Ended ended) {
            return ended(ended.exitCode(), Evidence.line(ended.output()));
        }
        if (outcome instanceof Outcome.Killed killed) {
            String line = Evidence.line(killed.output());
            return ProbeResult.failure(
                    "killed after " + timeoutNs / 1_000_000 + " ms" + (line.isEmpty() ? "" : ": " + line));
        }
        return notStarted(((Outcome.NotStarted) outcome).cause());
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
}
