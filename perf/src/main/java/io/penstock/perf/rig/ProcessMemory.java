package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory of some processes, kernel memory not counted.
 *
 * @param sharedOutBytes resident, a page that several processes share divided among them (PSS)
 * @param peakBytes the most that was ever resident, shared pages counted for each
 */
public record ProcessMemory(long sharedOutBytes, long peakBytes) {
    private static final long KIB = 1024;

    public static ProcessMemory of(List<Long> pids) throws IOException {
        long sharedOut = 0;
        long peak = 0;
        for (long pid : pids) {
            sharedOut += KIB * ProcFields.value(Files.readString(file(pid, "smaps_rollup")), "Pss:");
            peak += KIB * ProcFields.value(Files.readString(file(pid, "status")), "VmHWM:");
        }
        return new ProcessMemory(sharedOut, peak);
    }

    /** All that is resident, shared pages included (RSS). */
    public static long residentBytes(long pid) throws IOException {
        return KIB * ProcFields.value(Files.readString(file(pid, "status")), "VmRSS:");
    }

    private static Path file(long pid, String name) {
        return Path.of("/proc/" + pid + "/" + name);
    }
}
