package io.penstock.perf.compare;

/**
 * What one contestant did in one round: the clients' view, and what the proxy used for it. Without a proxy the latter is
 * NaN.
 *
 * @param cpuSeconds user and system time of the whole proxy
 * @param switches context switches of all its threads
 * @param memoryBytes resident at the end of the run, shared pages divided (PSS)
 * @param peakBytes the most that was resident since it started
 */
record Measurement(Work work, double cpuSeconds, double switches, double memoryBytes, double peakBytes) {
    private static final double BITS_PER_BYTE = 8;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MIB = 1 << 20;

    static Measurement withoutProxy(Work work) {
        return new Measurement(work, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    double unitsPerSecond() {
        return work.units() / work.seconds();
    }

    /** When units are gigabytes. */
    double gigabitsPerSecond() {
        return BITS_PER_BYTE * unitsPerSecond();
    }

    double cpuMicrosPerUnit() {
        return MICROS_PER_SECOND * cpuSeconds / work.units();
    }

    double unitsPerCpuSecond() {
        return work.units() / cpuSeconds;
    }

    double switchesPerUnit() {
        return switches / work.units();
    }

    double memoryMib() {
        return memoryBytes / MIB;
    }

    double peakMib() {
        return peakBytes / MIB;
    }
}
