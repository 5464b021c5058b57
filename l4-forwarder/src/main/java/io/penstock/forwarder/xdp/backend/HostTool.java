package io.penstock.forwarder.xdp.backend;

import io.penstock.exec.Outcome;
import io.penstock.exec.Program;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Commands of the host, for what there is no netlink code for: ip(8), ethtool(8). */
final class HostTool {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int OUTPUT_MAX_BYTES = 1 << 20;
    private static final byte[] NO_INPUT = {};

    private final Syscalls syscalls;

    HostTool(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * What a command prints.
     *
     * @param words with one space between
     * @throws IOException with the command's own words: it is not installed, or it failed
     */
    String run(String words) throws IOException, InterruptedException {
        List<String> command = List.of(words.strip().split(" +", -1));
        Outcome outcome = new Program(syscalls, command, OUTPUT_MAX_BYTES, false)
                .run(Map.of("LC_ALL", "C"), NO_INPUT, TIMEOUT_NS);
        if (outcome instanceof Outcome.Ended ended && ended.exitCode() == 0) {
            return ended.output();
        }
        if (outcome instanceof Outcome.NotStarted) {
            throw new IOException(command.get(0) + " is not installed, and is needed to run: " + words);
        }
        String said = outcome instanceof Outcome.Ended ended ? ended.output().strip() : "did not end in time";
        throw new IOException(words + ": " + said);
    }
}
