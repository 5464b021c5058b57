package io.penstock.perf.compare;

/** A figure of a measurement; its label is the middle of the names of rows, as in {@code connect.cpu.nginx}. */
enum Metric {
    THROUGHPUT("throughput", "/s"),
    BANDWIDTH("throughput", "Gbit/s"),
    CPU("cpu", "us"),
    EFFICIENCY("gb-per-cpu-s", "GB/CPU-s"),
    P50("p50", "us"),
    P99("p99", "us"),
    P999("p999", "us"),
    MAX("max", "us"),
    SWITCHES("context-switches", ""),
    MEMORY("memory", "MiB"),
    PEAK("memory-peak", "MiB");

    private final String label;
    private final String unit;

    Metric(String label, String unit) {
        this.label = label;
        this.unit = unit;
    }

    String label() {
        return label;
    }

    /** Of absolute figures. */
    String unit() {
        return unit;
    }

    /** NaN when it was not measured. */
    double of(Measurement measurement) {
        Work.Latency latency = measurement.work().latency();
        return switch (this) {
            case THROUGHPUT -> measurement.unitsPerSecond();
            case BANDWIDTH -> measurement.gigabitsPerSecond();
            case CPU -> measurement.cpuMicrosPerUnit();
            case EFFICIENCY -> measurement.unitsPerCpuSecond();
            case P50 -> latency.p50Us();
            case P99 -> latency.p99Us();
            case P999 -> latency.p999Us();
            case MAX -> latency.maxUs();
            case SWITCHES -> measurement.switchesPerUnit();
            case MEMORY -> measurement.memoryMib();
            case PEAK -> measurement.peakMib();
        };
    }
}
