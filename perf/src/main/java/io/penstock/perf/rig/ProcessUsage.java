package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What some processes have used until now, of all their threads.
 *
 * @param cpuNs user and system time
 * @param switchesByThread voluntary and other context switches of the threads that live, by thread id
 */
public record ProcessUsage(long cpuNs, Map<Long, Long> switchesByThread) {
    private static final String VOLUNTARY = "voluntary_ctxt_switches:";
    private static final String INVOLUNTARY = "nonvoluntary_ctxt_switches:";

    /** Fails when one of them has ended. */
    public static ProcessUsage of(List<Long> pids) throws IOException {
        Map<Long, Long> switches = new HashMap<>();
        for (long pid : pids) {
            for (Path thread : threads(pid)) {
                addSwitches(thread, switches);
            }
        }
        return new ProcessUsage(cpuNs(pids), switches);
    }

    /** User and system time alone, a system call for each; fails when one of them has ended. */
    public static long cpuNs(List<Long> pids) throws IOException {
        long cpuNs = 0;
        for (long pid : pids) {
            cpuNs += ProcessClock.cpuNs(pid);
        }
        return cpuNs;
    }

    public long cpuNsSince(ProcessUsage before) {
        return cpuNs - before.cpuNs;
    }

    /** Those of threads that ended meanwhile are not in it: the kernel forgets them. They are compilers, not workers. */
    public long switchesSince(ProcessUsage before) {
        return switchesByThread.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.switchesByThread.getOrDefault(thread.getKey(), 0L))
                .sum();
    }

    private static List<Path> threads(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.toList();
        }
    }

    private static void addSwitches(Path thread, Map<Long, Long> switches) throws IOException {
        try {
            long sum = ProcFields.value(Files.readString(thread.resolve("status")), VOLUNTARY)
                    + ProcFields.value(Files.readString(thread.resolve("status")), INVOLUNTARY);
            switches.put(Long.parseLong(thread.getFileName().toString()), sum);
        } catch (NoSuchFileException endedMeanwhile) {
            // Then it does not count.
        }
    }
}
