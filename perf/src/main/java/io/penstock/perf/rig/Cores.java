package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which core whom belongs to: one for what is measured, another for what loads it, so that neither takes time from the
 * other. With a single core nothing is pinned.
 */
public final class Cores {
    private static final String ALLOWED = "Cpus_allowed_list:";

    private final List<Integer> allowed;

    private Cores(List<Integer> allowed) {
        this.allowed = allowed;
    }

    /** Those this process may run on. */
    public static Cores available() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(ALLOWED)) {
                return parse(line.substring(ALLOWED.length()).trim());
            }
        }
        return new Cores(List.of(0));
    }

    /** A list such as {@code 0-1,4}. */
    static Cores parse(String list) {
        List<Integer> cores = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", -1);
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                cores.add(core);
            }
        }
        return new Cores(cores);
    }

    public int count() {
        return allowed.size();
    }

    public boolean canPin() {
        return allowed.size() > 1;
    }

    /** The command, on the core of what loads: the first. */
    public List<String> forLoad(List<String> command) {
        return on(0, command);
    }

    /** The command, on the core of what is measured: the second. */
    public List<String> forMeasured(List<String> command) {
        return on(1, command);
    }

    /** Moves all threads of this process, and those they start, to the core of what loads. */
    public void pinThisProcess() throws IOException, InterruptedException {
        if (canPin()) {
            String pid = Long.toString(ProcessHandle.current().pid());
            Process taskset = new ProcessBuilder("taskset", "-a", "-p", "-c", Integer.toString(allowed.get(0)), pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (taskset.waitFor() != 0) {
                throw new IOException("taskset failed for this process");
            }
        }
    }

    /** For people, for example {@code proxy on core 1, clients and backend on core 0}. */
    public String describe() {
        return canPin()
                ? "proxy on core " + allowed.get(1) + ", clients and backend on core " + allowed.get(0)
                : "one core only, nothing pinned: figures mix proxy, clients and backend";
    }

    private List<String> on(int index, List<String> command) {
        if (!canPin()) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(allowed.get(index))));
        pinned.addAll(command);
        return List.copyOf(pinned);
    }
}
