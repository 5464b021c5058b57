package io.penstock.admin;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process and its JVM, by the names that client libraries give them: {@code process_} and {@code jvm_}. Each look at
 * descriptors lists {@code /proc/self/fd}, a millisecond for ten thousand.
 */
public final class ProcessMetrics implements MultiCollector {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final int NO_NUMBER = -1;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long BYTES_PER_KIB = 1024;

    @Override
    public MetricSnapshots collect() {
        MetricFamilies families = new MetricFamilies();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            process(families, system);
        }
        long resident = residentBytes();
        if (resident != NO_NUMBER) {
            families.gauge("process_resident_memory_bytes", "Resident memory size.", Labels.EMPTY, resident);
        }
        families.gauge(
                "process_start_time_seconds",
                "Start time of the process since 1970 in seconds.",
                Labels.EMPTY,
                ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND);
        collectors(families);
        memory(families);
        return families.build();
    }

    private static void process(MetricFamilies families, UnixOperatingSystemMXBean system) {
        families.counter(
                "process_cpu_seconds",
                "Total user and system CPU time spent in seconds.",
                Labels.EMPTY,
                system.getProcessCpuTime() / NANOS_PER_SECOND);
        families.gauge(
                "process_open_fds",
                "Number of open file descriptors.",
                Labels.EMPTY,
                system.getOpenFileDescriptorCount());
        families.gauge(
                "process_max_fds",
                "Maximum number of open file descriptors.",
                Labels.EMPTY,
                system.getMaxFileDescriptorCount());
    }

    private static long residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB)
                    .findFirst()
                    .orElse(NO_NUMBER);
        } catch (IOException noSuchFile) {
            // A metric less; nothing else hangs on it.
            return NO_NUMBER;
        }
    }

    private static void collectors(MetricFamilies families) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Labels labels = Labels.of("gc", collector.getName());
            families.counter(
                    "jvm_gc_collections",
                    "Collections, which stop every thread.",
                    labels,
                    collector.getCollectionCount());
            families.counter(
                    "jvm_gc_collection_time_seconds",
                    "Time that collections took.",
                    labels,
                    collector.getCollectionTime() / MILLIS_PER_SECOND);
        }
    }

    private static void memory(MetricFamilies families) {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            String area = pool.getType() == MemoryType.HEAP ? "heap" : "nonheap";
            Labels labels = Labels.of("area", area, "pool", pool.getName());
            families.gauge(
                    "jvm_memory_pool_used_bytes",
                    "Used bytes of a JVM memory pool.",
                    labels,
                    pool.getUsage().getUsed());
        }
    }
}
